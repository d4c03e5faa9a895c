/**
 * What the backends on Linux share: {@link dev.gyre.io.Io}'s values as Linux structs, and the calls that never wait
 * and are therefore the same whoever waits for the others. Programs do not need it.
 */
@NullMarked
package dev.gyre.posix;

import org.jspecify.annotations.NullMarked;
