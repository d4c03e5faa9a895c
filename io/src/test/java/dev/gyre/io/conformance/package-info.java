/**
 * What every backend must do, as tests.
 *
 * <p>A backend's own tests hold one subclass of {@link dev.gyre.io.conformance.Conformance}, or of the part of it that
 * the backend can do, which says how the backend is opened. Each group of tests is a class here; the tags are the rows
 * of the specification.
 */
package dev.gyre.io.conformance;
