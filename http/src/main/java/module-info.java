/** The static file server behind {@code gyre serve}. */
module dev.gyre.http {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires org.eclipse.jetty.http;

    exports dev.gyre.http;
}
