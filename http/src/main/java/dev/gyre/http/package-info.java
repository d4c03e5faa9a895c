/** The static file server behind {@code gyre serve}. */
@NullMarked
package dev.gyre.http;

import org.jspecify.annotations.NullMarked;
