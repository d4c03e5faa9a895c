/**
 * Properties that hold for random values. All of it is test code, for the tests of the other modules: those of
 * {@code linux} can depend on no module of ours that has code.
 */
@NullMarked
package dev.gyre.testing;

import org.jspecify.annotations.NullMarked;
