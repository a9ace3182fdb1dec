package dev.hil.link;

public interface Shell {}
