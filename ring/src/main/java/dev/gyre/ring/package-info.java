/**
 * io_uring: the shared rings, the loop over them, operations and probes.
 *
 * <p>A {@link dev.gyre.ring.Loop} runs {@link dev.gyre.ring.Operation}s and calls back; beneath it a
 * {@link dev.gyre.ring.Ring} can be used by hand. Either is usable alone, without the rest of Gyre:
 *
 * <pre>{@code
 * try (Loop loop = Loop.open(RingOptions.DEFAULT); Arena arena = loop.arena()) {
 *     MemorySegment record = arena.allocateFrom("a record");
 *     Fsync sync = new Fsync(fd, true, done -> System.out.println(done.result() == 0 ? "on disk" : "lost"));
 *     loop.submit(new Chain(new Write(fd, record, 0, done -> {})).then(sync));
 *     while (sync.isInFlight()) {
 *         loop.turn(-1);
 *     }
 * }
 * }</pre>
 *
 * <p>Each operation has a class of its own, which names its errors, the first kernel that has it, and its manual page
 * in a {@link dev.gyre.ring.OperationKind}. {@link dev.gyre.ring.Probe} tells what the running kernel has.
 */
@NullMarked
package dev.gyre.ring;

import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.Write;
import org.jspecify.annotations.NullMarked;
