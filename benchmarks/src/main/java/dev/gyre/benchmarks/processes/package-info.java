/** What processes cost that send messages to each other, beside virtual threads of the JDK's. */
@NullMarked
package dev.gyre.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
