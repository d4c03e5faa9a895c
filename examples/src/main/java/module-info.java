/** Programs to learn from, each a real thing. */
module dev.gyre.examples {
    requires static org.jspecify;
    requires dev.gyre.io;
    requires dev.gyre.linux;
    requires dev.gyre.process;
    requires dev.gyre.ring;
}
