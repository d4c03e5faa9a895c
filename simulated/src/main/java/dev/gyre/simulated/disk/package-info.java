/**
 * A file system in memory above a device that can lose its power and fail; and the calls on files, which see the first
 * of the two.
 */
@NullMarked
package dev.gyre.simulated.disk;

import org.jspecify.annotations.NullMarked;
