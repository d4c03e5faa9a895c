package dev.gyre.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Header fields of a request that set no condition: who asks whom, and in which form the answer is wanted. Each is null
 * where it is absent, and joined with commas where it is a list and repeated.
 */
final class RequestFields {
    private @Nullable String host;
    private @Nullable String authorization;
    private @Nullable String accept;
    private @Nullable String acceptEncoding;
    private @Nullable String referrer;
    private @Nullable String agent;
    private @Nullable String user;

    /** Takes a field, if it is one of these. */
    void add(HttpHeader header, HttpField field) {
        switch (header) {
            case HOST -> host = field.getValue();
            case AUTHORIZATION -> authorization = field.getValue();
            case ACCEPT -> accept = joined(accept, field.getValue());
            case ACCEPT_ENCODING -> acceptEncoding = joined(acceptEncoding, field.getValue());
            case REFERER -> referrer = field.getValue();
            case USER_AGENT -> agent = field.getValue();
            default -> {}
        }
    }

    /** {@code Host}. */
    @Nullable String host() {
        return host;
    }

    /** {@code Authorization}. */
    @Nullable String authorization() {
        return authorization;
    }

    /** {@code Accept}. */
    @Nullable String accept() {
        return accept;
    }

    /** {@code Accept-Encoding}. */
    @Nullable String acceptEncoding() {
        return acceptEncoding;
    }

    /** {@code Referer}. */
    @Nullable String referrer() {
        return referrer;
    }

    /** {@code User-Agent}. */
    @Nullable String agent() {
        return agent;
    }

    /** Who has given the right password, or null. */
    @Nullable String user() {
        return user;
    }

    /** Notes who has given the right password. */
    void admit(String name) {
        user = name;
    }

    /** Forgets everything. */
    void clear() {
        host = null;
        authorization = null;
        accept = null;
        acceptEncoding = null;
        referrer = null;
        agent = null;
        user = null;
    }

    private static @Nullable String joined(@Nullable String before, @Nullable String value) {
        return before == null || value == null ? value : before + ", " + value;
    }
}
