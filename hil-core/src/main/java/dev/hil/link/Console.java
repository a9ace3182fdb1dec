package dev.hil.link;

public interface Console {}
