/**
 * Tests of what synchronises threads without locks: two actors of jcstress meet in it, again and again, and what comes
 * of it must be among the outcomes that the test names. Each test lies in the package of what it tests.
 */
@NullMarked
package dev.gyre.stress;

import org.jspecify.annotations.NullMarked;
