/**
 * The engine of {@code gyre proxy}: connections are accepted, and each is joined with one to a target.
 *
 * <p>One task accepts ({@code ProxyServer}). Each connection has two tasks, one for each direction ({@code Session}),
 * whose bytes the kernel moves where many come at once. {@code Targets} says which target is next; one task for each
 * checks it. One more task looks for connections that are idle.
 */
@NullMarked
package dev.gyre.cli.proxy;

import org.jspecify.annotations.NullMarked;
