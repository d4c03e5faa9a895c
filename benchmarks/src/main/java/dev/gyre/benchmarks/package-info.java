/** Whole programs side by side with their peers. */
@NullMarked
package dev.gyre.benchmarks;

import org.jspecify.annotations.NullMarked;
