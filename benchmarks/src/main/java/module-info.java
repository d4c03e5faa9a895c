/** Whole programs side by side with their peers. */
module dev.gyre.benchmarks {
    requires static transitive org.jspecify;
    requires dev.gyre.ring;

    exports dev.gyre.benchmarks;
}
