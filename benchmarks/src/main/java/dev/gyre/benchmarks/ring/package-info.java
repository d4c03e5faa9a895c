/** Programs on the ring alone, each the counterpart of a peer that is no Java. */
@NullMarked
package dev.gyre.benchmarks.ring;

import org.jspecify.annotations.NullMarked;
