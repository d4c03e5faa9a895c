/**
 * The contract of sockets, files and folders, written once, above thin calls ({@link dev.gyre.posix.Kernel}) that each
 * backend makes in its own way. Programs do not need it.
 */
@NullMarked
package dev.gyre.posix;

import org.jspecify.annotations.NullMarked;
