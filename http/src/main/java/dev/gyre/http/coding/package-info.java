/** Content codings: which one a client wants, and gzip. */
@NullMarked
package dev.gyre.http.coding;

import org.jspecify.annotations.NullMarked;
