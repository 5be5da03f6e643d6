namespace Rlef.Problems.Formats;

/// <summary>What programs of a set take for granted without importing it.</summary>
static class StandardImports
{
    /// <summary>As APPS' harness imports, but for numpy, and for fractions, which would cost each program more time than starting it.</summary>
    public const string Apps = """
        import collections, heapq, itertools, math, random, sys, time
        from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
        from functools import lru_cache
        from heapq import *
        from itertools import accumulate, combinations, permutations, product
        from math import ceil, cos, exp, fabs, floor, gcd, log, log2, sin, sqrt, tan
        from typing import List, Tuple
        """;

    /// <summary>What LeetCode's own judge imports too and programs name, before the imports of LeetCodeDataset's record.</summary>
    public const string LeetCode = "import bisect, collections, copy, functools, heapq, itertools, math, operator, random, re, string, sys";

    /// <summary>For functions in the style of LeetCode; as LiveCodeBench's harness, with deeper recursion.</summary>
    public const string LiveCodeBench = """
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
        sys.setrecursionlimit(50_000)
        """;
}
