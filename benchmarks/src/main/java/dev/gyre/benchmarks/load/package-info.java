/**
 * The load generator: a process of its own that sends requests, times the answers and says what it cost itself.
 *
 * <p>One thread does everything and never sleeps. It spins, so that no wake-up of its own is counted as the server's
 * latency, and tells how much of its time it found nothing to do: that share is its head-room. On the way from a due
 * time to a recorded latency nothing is allocated.
 */
@NullMarked
package dev.gyre.benchmarks.load;

import org.jspecify.annotations.NullMarked;
