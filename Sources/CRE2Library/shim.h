// RE2 is C++, which only the target CRE2 speaks; this module brings its linker flags along.
