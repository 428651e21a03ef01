// Linking this module replaces malloc for the whole process, the Swift runtime included.
#include <jemalloc/jemalloc.h>
