namespace Rlef.Problems.Formats;

/// <summary>What functions in the style of LeetCode take for granted without importing it.</summary>
static class StandardImports
{
    public const string Source = """
        from typing import *
        from collections import *
        from itertools import *
        from functools import *
        from heapq import *
        from bisect import *
        from math import *
        from copy import *
        from builtins import *
        import bisect, collections, functools, heapq, itertools, math, operator, re, string, sys
        """;
}
