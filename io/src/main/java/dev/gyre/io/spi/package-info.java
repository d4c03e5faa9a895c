/**
 * What a backend implements, and what all backends share.
 *
 * <p>A backend brings an {@link dev.gyre.io.spi.IoProvider}, a {@link dev.gyre.io.spi.BaseIo} and a
 * {@link dev.gyre.io.spi.Fiber}; tasks, groups and the rules of cancellation are written here once. Programs do not
 * need this package.
 */
@NullMarked
package dev.gyre.io.spi;

import org.jspecify.annotations.NullMarked;
