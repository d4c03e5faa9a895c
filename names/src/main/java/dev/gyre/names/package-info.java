/**
 * Host names. A program does not call this: {@link dev.gyre.io.Network#lookup} finds it.
 *
 * <p>{@code DnsNames} decides where a name is looked for; {@code Hosts} and {@code ResolvConf} are the two files, which
 * {@code WatchedFile} reads again when they have changed; {@code DnsLookup} is one question put to name servers, by an
 * {@code Exchange} with one of them after the other; {@code Messages} is what goes over the wire.
 */
@NullMarked
package dev.gyre.names;

import org.jspecify.annotations.NullMarked;
