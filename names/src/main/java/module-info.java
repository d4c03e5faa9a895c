/** Host names: the table of hosts, and DNS over the sockets of {@code Io}. */
module dev.gyre.names {
    requires static transitive org.jspecify;
    requires dev.gyre.io;
    requires org.dnsjava;
    requires org.slf4j;

    // To see whether a program has any logging for SLF4J.
    uses org.slf4j.spi.SLF4JServiceProvider;

    provides dev.gyre.io.spi.name.NameService.Provider with dev.gyre.names.DnsProvider;
}
