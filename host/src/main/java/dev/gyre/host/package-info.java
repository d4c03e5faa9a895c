/**
 * What the backends on Linux share below the thin calls: {@link dev.gyre.io.Io}'s values as Linux structs, calls that
 * never wait, and memory that the kernel may keep. Programs do not need it.
 */
@NullMarked
package dev.gyre.host;

import org.jspecify.annotations.NullMarked;
