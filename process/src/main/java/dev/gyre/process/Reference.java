package dev.gyre.process;

/**
 * A reference that a process has made: nothing that was in its mailbox before can be about it. So who waits for a
 * message about it need not look at those ({@link Self#receive(Reference, dev.gyre.io.Timeout,
 * java.util.function.Function)}).
 */
public sealed interface Reference permits Monitor, Alias {}
