namespace Rlef.Problems.Formats;

/// <summary>What programs of a set take for granted without importing it.</summary>
static class StandardImports
{
    /// <summary>As APPS' harness imports, but for numpy.</summary>
    public const string Apps = """
        import collections, fractions, heapq, itertools, math, random, sys, time
        from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
        from functools import lru_cache
        from heapq import *
        from itertools import accumulate, combinations, permutations, product
        from math import ceil, cos, exp, fabs, floor, gcd, log, log2, sin, sqrt, tan
        from typing import List, Tuple
        """;

    /// <summary>What LeetCode's own judge imports too and programs name, before the imports of LeetCodeDataset's record.</summary>
    public const string LeetCode = "import bisect, collections, copy, functools, heapq, itertools, math, operator, random, re, string, sys";

    /// <summary>As LiveCodeBench's harness, in its order.</summary>
    public const string LiveCodeBench = """
        from string import *
        from re import *
        from datetime import *
        from collections import *
        from heapq import *
        from bisect import *
        from copy import *
        from math import *
        from random import *
        from statistics import *
        from itertools import *
        from functools import *
        from operator import *
        from io import *
        from sys import *
        from json import *
        from builtins import *
        from typing import *
        import bisect, collections, copy, datetime, functools, heapq, io, itertools, json, math, operator, random, re, statistics, string, sys
        sys.setrecursionlimit(50_000)
        """;
}
