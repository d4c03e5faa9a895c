/** The static file server behind {@code gyre serve}. */
@SuppressWarnings({
    "module", // the command line comes later
    "requires-automatic" // the library has a name in its manifest, and no descriptor
})
module dev.gyre.http {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires org.eclipse.jetty.http;
    requires spring.security.crypto;

    exports dev.gyre.http;
    exports dev.gyre.http.log to
            dev.gyre.cli;
}
