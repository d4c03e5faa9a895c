/** Programs with many tasks, on Gyre and on the JDK's virtual threads. */
@NullMarked
package dev.gyre.benchmarks.tasks;

import org.jspecify.annotations.NullMarked;
