package dev.hil.link;

public interface Power {}
