/**
 * The harness that measures Gyre side by side with its peers.
 *
 * <p>Every server is a process of its own, and so is the load generator; each has a processor to itself where there are
 * two. Subject and peer are measured in turn, A B A B …, and what is reported is the median of the ratios of the pairs
 * with its spread: on a shared machine an absolute time means little.
 *
 * <p>No figure makes a run fail. A peer that cannot run here is skipped, with the reason.
 */
@NullMarked
package dev.gyre.benchmarks;

import org.jspecify.annotations.NullMarked;
