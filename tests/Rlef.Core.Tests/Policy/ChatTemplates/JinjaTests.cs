using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

/// <summary>Expected texts are those of Jinja 3.1.6 for Python, set up as Hugging Face does.</summary>
public sealed class JinjaTests
{
    static string Render(string template) => new ChatTemplate(template).Render([new("system", "Be brief."), new("user", "Hi"), new("assistant", "Yo"), new("user", "")]);

    [Theory]
    [InlineData("{{ '\\x41\\101\\u00e9\\U0001F600\\a\\q\\'' }}", "AAé😀\u0007\\q'")]
    [InlineData("{{ 'a\\\nb' }}", "ab")]
    [InlineData("{{ '\\é' }}", "\\xe9")]
    [InlineData("{{ 1_000 }} {{ 0x1F }} {{ 0b101 }} {{ 1e3 }} {{ 1.5E-3 }} {{ 1e-7 }}", "1000 31 5 1000.0 0.0015 1e-07")]
    [InlineData("{{ [[1,2]].0.0 }}{{ [[1,2]].0.1 }}", "12")]
    [InlineData("{{ 99999999999999999999 }}", "99999999999999999999")]
    [InlineData("{{ {1:'a', none:'b', (1,2):'c'}[1,2] }}{{ {1:'a'}[1] }}{{ {1:'a'}[1.0] }}", "caa")]
    [InlineData("{{ ('a',) }}{{ (1, 2) }}{{ () }}{{ 1, 2 }}", "('a',)(1, 2)()(1, 2)")]
    [InlineData("{{ ['a\\nb\\\\', 'é', '\\x01', \"it's\"] }}", "['a\\nb\\\\', 'é', '\\x01', \"it's\"]")]
    public void Literals_are_read_and_printed_as_by_Python(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{% if true %}\r\na\r\n{% endif %}\r\nb\r\n", "a\nb")]
    [InlineData("a\rb", "a\nb")]
    [InlineData("{{ 'a\r\nb\rc' }}", "a\nb\nc")]
    [InlineData("{% if 1 +%}\n x{% endif %}", "\n x")]
    [InlineData("a\n  {# c +#}\nb", "a\n\nb")]
    [InlineData("a\n\t {# c #} \nb", "a\n \nb")]
    [InlineData("x\n  {%+ set a = 1 %}\ny", "x\n  y")]
    [InlineData("a\n  {% raw %}\n{{ x }}{% if %}\n  {% endraw %}\nb", "a\n\n{{ x }}{% if %}\nb")]
    [InlineData("{%- raw -%}  {{ x }}  {%- endraw -%}  |", "{{ x }}|")]
    [InlineData("{{-1}}|{{ +1 }}", "1|1")]
    public void Line_ends_and_white_space_go_as_in_Jinja(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ true + 1 }}{{ true + true }}{{ 'a' * true }}", "22a")]
    [InlineData("{{ 2**3 }} {{ 2**3**2 }} {{ -2**2 }} {{ 2**-1 }} {{ 2**100 }}", "8 64 4 0.5 1267650600228229401496703205376")]
    [InlineData("{{ 9223372036854775807 + 1 }} {{ -9223372036854775807 - 2 }} {{ 10**20 // 3 }} {{ 10**20 % 7 }} {{ -(10**20) // 3 }}", "9223372036854775808 -9223372036854775809 33333333333333333333 2 -33333333333333333334")]
    [InlineData("{{ 7 // -2 }} {{ -7 % 3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 0.3 // 0.1 }} {{ 1e20 // 3 }}", "-4 2 3.0 0.5 2.0 3.333333333333333e+19")]
    [InlineData("{{ 10000000000000000.0 }} {{ 1e15 }} {{ 0.0001 }} {{ 0.00001 }} {{ -0.0 }} {{ 5e-324 }} {{ 0.1 + 0.2 }} {{ 1e400 }}", "1e+16 1000000000000000.0 0.0001 1e-05 -0.0 5e-324 0.30000000000000004 inf")]
    [InlineData("{{ '-' * 5 }}{{ [1] * 2 }}{{ 2 * (1,) }}{{ 'a' * -1 }}", "-----[1, 1](1, 1)")]
    [InlineData("{{ -1|string }}x {{ -1.5|abs }} {{ --1 }}", "-1x 1.5 1")]
    [InlineData("{{ 1 < 2 < 3 }}{{ 3 > 2 > 2 }}{{ 1 in [1] in [[1]] }}", "TrueFalseTrue")]
    [InlineData("{{ 1 ~ 2 * 3 ~ 'a' ~ none }}", "16aNone")]
    [InlineData("{{ 'a' in undef }}{{ undef == other }}{{ undef == '' }}{{ undef ~ 'a' }}", "FalseTrueFalsea")]
    [InlineData("{{ [1, 2] < [1, 3] }}{{ '\\uffff' < '😀' }}{{ 9007199254740993 == 9007199254740992.0 }}", "TrueTrueFalse")]
    [InlineData("{{ none.x }}|{{ none['x'] }}|{{ 'a'.b }}", "||")]
    [InlineData("{{ 'x' if false }}|{{ 'a' if 0 else 'b' if 1 else 'c' }}", "|b")]
    [InlineData("{{ '😀ab'[1] }}{{ '😀ab'[:1] }}{{ '😀ab'[::-1] }}{{ (1, 2, 3)[1:] }}{{ range(9)[2:8:3] }}", "a😀ba😀(2, 3)range(2, 8, 3)")]
    [InlineData("{{ '%s-%02d|%5.1f|%-4s|%x|%e|%g|%%|%r' % ('a', 5, 2.25, 'b', 255, 12345.678, 0.00001, 'c') }}", "a-05|  2.2|b   |ff|1.234568e+04|1e-05|%|'c'")]
    [InlineData("{{ '%(a)s' % {'a': 1} }}{{ '%s' % [1] }}", "1[1]")]
    [InlineData("{{ range(3) }}{{ range(5, 0, -2)|list }}{{ 3 in range(5) }}", "range(0, 3)[5, 3, 1]True")]
    public void Operators_calculate_as_in_Python(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c, (d, e) = 1, (2, 3) %}{{ e }}", "123")]
    [InlineData("{% set x | upper | trim %} abc {% endset %}[{{ x }}]", "[ABC]")]
    [InlineData("{% set x = 1 %}{% set y %}{% set x = 2 %}{{ x }}{% endset %}{{ x }}{{ y }}", "12")]
    [InlineData("{% filter trim|upper %} a {% endfilter %}|", "A|")]
    [InlineData("{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}", "211")]
    [InlineData("{% macro f() %}<{{ caller('x') }}>{% endmacro %}{% call(a, b=3) f() %}{{ a }}{{ b }}{% endcall %}", "<x3>")]
    [InlineData("{% macro f(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }};{% endmacro %}{{ f(1) }}{{ f(1, c=5) }}{{ f(*[7, 8]) }}{{ f(**{'a': 3}) }}", "121;125;787;323;")]
    [InlineData("{% macro f(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, z=3) }}{{ f }}", "1(2,){'z': 3}<Macro 'f'>")]
    [InlineData("{% for x in [1, [2, [3]]] recursive %}{{ loop.depth }}{% if x is iterable %}({{ loop(x) }}){% else %}{{ x }}{% endif %}{% endfor %}", "111(222(33))")]
    [InlineData("{% for x in 1, 2 %}{{ x }}{% endfor %}", "12")]
    [InlineData("{% for x in [1, 2, 3] if x > 1 %}{{ loop.index }}/{{ loop.length }}{{ loop.cycle('a', 'b') }}{{ loop.depth0 }}{% endfor %}", "1/2a02/2b0")]
    [InlineData("{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.revindex }}{% endfor %}", "True13False122True11")]
    [InlineData("{% for x in [1, 2] %}{% with %}{% break %}{% endwith %}{{ x }}{% endfor %}e", "e")]
    [InlineData("{% generation %}a{% set q = 1 %}{% endgeneration %}{{ q is defined }}", "aFalse")]
    [InlineData("{% autoescape false %}<{% endautoescape %}{% print 1, 'a' %}", "<1a")]
    [InlineData("{% set n = namespace({'a': 1}, b=2) %}{{ n.a }}{{ n['b'] }}{{ n.c is defined }}{{ n }}", "12False<Namespace {'a': 1, 'b': 2}>")]
    [InlineData("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}", "abab")]
    [InlineData("{% set j = joiner(',') %}{% for a in [1, 2] %}{{ j() }}{{ a }}{% endfor %}", "1,2")]
    [InlineData("{% if 1, %}a{% elif 1 %}b{% endif %}", "a")]
    public void Statements_follow_Jinja(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ '3.7'|int }} {{ 'x'|int(7) }} {{ '1f'|int(base=16) }} {{ 'x'|int(default='q') }} {{ ' 1_0 '|int }} {{ 'x'|float(2) }} {{ '1e3'|float }}", "3 7 31 q 10 2 1000.0")]
    [InlineData("{{ undef|default('a') }}{{ ''|default('b', true) }}{{ ''|default('c', false) }}{{ undef|d(default_value='d', boolean=1) }}", "abd")]
    [InlineData("{{ messages|join(',', attribute='role') }}{{ [1, 2]|join }}{{ [{'a': {'b': 1}}]|join('-', attribute='a.b') }}", "system,user,assistant,user121")]
    [InlineData("{{ [{'a': {'b': 1}}]|map(attribute='a.b')|list }}{{ messages|map(attribute='x', default='-')|join }}{{ ['a']|map('replace', 'a', 'b')|list }}", "[1]----['b']")]
    [InlineData("{{ [{'a': {'b': 1}}, {'a': {}}]|selectattr('a.b')|list|length }}{{ messages|rejectattr('role', 'in', ['user'])|map(attribute='role')|list }}", "1['system', 'assistant']")]
    [InlineData("{{ [0, 1, '', 2]|select|list }}{{ [0, 1]|reject|list }}{{ [1, 2, 3]|select('odd')|list }}{{ ['a', 'b']|reject('in', ['b'])|list }}", "[1, 2][0][1, 3]['a']")]
    [InlineData("{{ {'b': 1, 'a': [1, 2]}|tojson(separators=(',', ':'), sort_keys=true) }}{{ 'é😀'|tojson(ensure_ascii=true) }}{{ [1, {}]|tojson(indent='-') }}", "{\"a\":[1,2],\"b\":1}\"\\u00e9\\ud83d\\ude00\"[\n-1,\n-{}\n]")]
    [InlineData("{{ {1: 2, none: 3, 1.5: (4,)}|tojson }}{{ [1e16, 1e-7, 1e400]|tojson }}{{ '<\\x7f'|tojson }}", "{\"1\": 2, \"null\": 3, \"1.5\": [4]}[1e+16, 1e-07, Infinity]\"<\u007f\"")]
    [InlineData("{{ 'a1b c-d it\\'s'|title }} {{ 'a1b c-d it\\'s'.title() }} {{ 'straße'|upper }} {{ 'ÀB ß'.capitalize() }} {{ 'ΑΣ ΑΣΑ'|lower }} {{ 'ǆx'.title() }}", "A1b C-D It's A1B C-D It'S STRASSE Àb ß ας ασα ǅx")]
    [InlineData("{% for k, v in {'b': 1, 'A': 2}|dictsort %}{{ k }}{{ v }}{% endfor %}{{ {'b': 1, 'a': 2}|dictsort(by='value', reverse=true) }}", "A2b1[('a', 2), ('b', 1)]")]
    [InlineData("{{ [3, 1, 2, 1]|sort }}{{ ['b', 'A']|sort }}{{ ['b', 'A']|sort(case_sensitive=true, reverse=true) }}{{ [{'n': 2, 'm': 1}, {'n': 2, 'm': 0}]|sort(attribute='n,m') }}", "[1, 1, 2, 3]['A', 'b']['b', 'A'][{'n': 2, 'm': 0}, {'n': 2, 'm': 1}]")]
    [InlineData("{{ ['a', 'A', 'b']|unique|list }}{{ [3, 1]|sum }}{{ [[1], [2]]|sum(start=[]) }}{{ [3, 1]|max }}{{ ['b', 'A']|min }}{{ []|min }}{{ [{'n': 1}]|sum(attribute='n') }}", "['a', 'b']4[1, 2]3A1")]
    [InlineData("{% for g in messages|groupby('role') %}{{ g.grouper }}{{ g.list|length }}{{ g[0] }};{% endfor %}", "assistant1assistant;system1system;user2user;")]
    [InlineData("{{ 'a\\n\\nb'|indent(2) }}|{{ 'a\\n\\nb'|indent('> ', first=true, blank=true) }}", "a\n\n  b|> a\n> \n> b")]
    [InlineData("{{ -1|abs }} {{ 2.5|round }} {{ 1.25|round(1) }} {{ 5|round }} {{ 1.21|round(1, 'ceil') }} {{ 1250|round(-2) }}", "1 2.0 1.2 5 1.3 1200")]
    [InlineData("{{ [1, 2, 3]|batch(2, '-')|list }}{{ [1, 2, 3]|slice(2)|list }}", "[[1, 2], [3, '-']][[1, 2], [3]]")]
    [InlineData("{{ '%s=%s'|format('a', 1) }}{{ '%(k)s'|format(k=2) }}", "a=12")]
    [InlineData("{{ messages[0]|attr('role') }}|{{ ('a'|attr('upper'))() }}|{{ 'a b/ü'|urlencode }}|{{ {'a b': 1}|urlencode }}", "|A|a%20b/%C3%BC|a+b=1")]
    [InlineData("{{ '<&\\'\">'|e }}{{ ('<'|safe) + '<' }}{{ ('<'|safe) ~ '<' }}{{ '<'|e|e|length }}", "&lt;&amp;&#39;&#34;&gt;<&lt;<<4")]
    [InlineData("{{ [1, 2]|reverse|list }}{{ 'ab'|reverse }}{{ {'a': 1}|list }}{{ 'ab'|last }}[{{ []|first }}]{{ 'a b-c'|wordcount }}", "[2, 1]ba['a']b[]3")]
    [InlineData("{{ undef|items|list }}{{ {'a': 1}|items|list }}{{ undef|length }}", "[][('a', 1)]0")]
    [InlineData("{{ 'foo bar baz qux'|truncate(9) }}{{ 'abcdefghij'|truncate(5, true, '..', 0) }}{{ 'a'|center(4) }}|", "foo...abc.. a  |")]
    [InlineData("{% set g = [1, 2]|map('string') %}{{ g|list }}{{ g|list }}{{ 'x' if []|map('string') }}", "['1', '2'][]x")]
    public void Filters_follow_Jinja(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ 'abc'.startswith('b', 1) }}{{ 'abc'.startswith(('x', 'a')) }}{{ 'abc'.endswith(('c', 'd')) }}", "TrueTrueTrue")]
    [InlineData("{{ 'abca'.find('a', 1) }}{{ '😀a'.find('a') }}{{ 'abca'.rfind('a') }}{{ 'abca'.index('b') }}{{ 'abca'.count('a') }}{{ 'abc'.find('a', -2) }}", "31312-1")]
    [InlineData("{{ 'aab'.replace('a', 'x', 1) }}{{ 'ab'.replace('', '-') }}{{ 'aaa'|replace('a', 'b', 2) }}", "xab-a-b-bba")]
    [InlineData("{{ 'a,b,c'.rsplit(',', 1) }}{{ ' a b '.split(none, 1) }}{{ ' a b '.rsplit(maxsplit=1) }}{{ 'a,b'.split(sep=',') }}", "['a,b', 'c']['a', 'b '][' a', 'b']['a', 'b']")]
    [InlineData("{{ 'a\\nb\\r\\nc'.splitlines() }}{{ 'a\\nb'.splitlines(keepends=true) }}{{ 'a=b=c'.partition('=') }}{{ 'a=b=c'.rpartition('=') }}", "['a', 'b', 'c']['a\\n', 'b']('a', '=', 'b=c')('a=b', '=', 'c')")]
    [InlineData("{{ 'abc'.removeprefix('a') }}{{ 'abc'.removesuffix('c') }}{{ 'abc'.removesuffix('') }}", "bcababc")]
    [InlineData("{{ '12'.isdigit() }}{{ '²'.isdigit() }}{{ '²'.isdecimal() }}{{ 'aé'.isalpha() }}{{ 'a1'.isalnum() }}{{ ' '.isspace() }}{{ 'A1'.isupper() }}{{ 'a'.islower() }}", "TrueTrueFalseTrueTrueTrueTrueTrue")]
    [InlineData("{{ '{} {1!r}'.format(1, 2) if 0 else '{0} {1!r} {a.role} {b[0]:>4}|{c:,}|{d:.2f}|{e:05}'.format(1, 'x', a=messages[0], b=[7], c=12345, d=2.5, e=-3) }}", "1 'x' system    7|12,345|2.50|-0003")]
    [InlineData("{{ 'aB'.swapcase() }}{{ 'a'.center(4, '*') }}{{ 'a'.ljust(3, '.') }}{{ 'a'.rjust(3) }}{{ '-5'.zfill(4) }}", "Ab*a**a..  a-005")]
    [InlineData("{{ {'a': 1}.get('b') }}{{ {'a': 1}.get('b', 2) }}{{ {'a': 1}.items() }}{{ {'a': 1}.keys() }}{{ {'items': 5}['items'] }}{{ [1, 2, 1].count(1) }}{{ [1, 2].index(2) }}", "None2dict_items([('a', 1)])dict_keys(['a'])521")]
    public void Methods_follow_Python(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ 4 is divisibleby 2 }}{{ 4 is divisibleby(3) }}{{ none is sameas none }}{{ [] is sameas([]) }}{{ range is callable }}{{ 1.5 is float }}{{ true is integer }}{{ 'a' is lower }}{{ 'A1' is upper }}", "TrueFalseTrueFalseTrueTrueFalseTrueTrue")]
    [InlineData("{{ 3 is gt 2 }}{{ 3 is ge(3) }}{{ 3 is lt 3 }}{{ 3 is le 3 }}{{ 3 is eq 3 }}{{ 3 is ne 3 }}{{ 1 is in [1] }}{{ 1 is not in [1] }}{{ 3 is greaterthan 2 }}", "TrueTrueFalseTrueTrueFalseTrueFalseTrue")]
    [InlineData("{{ undef is iterable }}{{ undef is sequence }}{{ undef is mapping }}{{ (1, 2) is sequence }}{{ {} is iterable }}{{ 1 is iterable }}{{ range(1) is sequence }}{{ '<'|e is escaped }}", "TrueTrueFalseTrueTrueFalseTrueTrue")]
    public void Tests_follow_Jinja(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ 'a'|frob }}", "filter 'frob'")]
    [InlineData("{{ 'a'|wordwrap(3) }}", "filter 'wordwrap'")]
    [InlineData("{{ 1 is frob }}", "test 'frob'")]
    [InlineData("{{ 'a'.encode() }}", "method 'encode'")]
    [InlineData("{% include 'x' %}", "statement 'include'")]
    [InlineData("{% block a %}{% endblock %}", "statement 'block'")]
    [InlineData("{% do 1 %}", "statement 'do'")]
    [InlineData("{% autoescape true %}{% endautoescape %}", "autoescape")]
    [InlineData("{{ 'a'|upper(1) }}", "filter 'upper'")]
    [InlineData("{{ [1]|join(sep='x') }}", "'sep'")]
    [InlineData("{{ 1|tojson(z=1) }}", "'z'")]
    [InlineData("{{ 'a'|trim('a', 'b') }}", "filter 'trim'")]
    [InlineData("{{ 1 is odd(2) }}", "test 'odd'")]
    [InlineData("{{ 1 is eq }}", "test 'eq'")]
    [InlineData("{{ 'a'.strip('a', 'b') }}", "method 'strip'")]
    [InlineData("{{ 'a'.replace('a', new='b') }}", "'new'")]
    [InlineData("{{ 'a'.upper(1) }}", "method 'upper'")]
    [InlineData("{{ [1]|map(attribute='a', x=1)|list }}", "'x'")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "macro 'f'")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(z=2) }}", "'z'")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(1, a=2) }}", "'a'")]
    [InlineData("{% macro f(a=1, b) %}{% endmacro %}", "default")]
    [InlineData("{% macro f() %}{% endmacro %}{% call f() %}{% endcall %}", "caller")]
    [InlineData("{{ [].append(1) }}", "append")]
    [InlineData("{{ {}.update({}) }}", "update")]
    [InlineData("{{ ''.__class__ }}", "__class__")]
    [InlineData("{{ [1]|map('string') }}", "generator")]
    [InlineData("{{ [1]|map('string')|length }}", "generator")]
    [InlineData("{{ 'a'.upper }}", "method 'upper'")]
    [InlineData("{{ cycler }}", "cycler")]
    [InlineData("{{ 1 + 2 ~ 3 }}", "'1' + ")]
    [InlineData("{{ 'a' + none }}", "None")]
    [InlineData("{{ undef + 'a' }}", "'undef' is undefined")]
    [InlineData("{{ undef() }}", "'undef' is undefined")]
    [InlineData("{{ 1 < 'a' }}", "order")]
    [InlineData("{{ none|length }}", "None")]
    [InlineData("{% for a in none %}{% endfor %}", "None")]
    [InlineData("{{ ','.join([1]) }}", "text")]
    [InlineData("{{ {[1]: 2} }}", "key")]
    [InlineData("{{ [undef]|tojson }}", "undefined")]
    [InlineData("{{ '%d' % 'a' }}", "%d")]
    [InlineData("{{ '%s' % (1, 2) }}", "more values")]
    [InlineData("{{ '{}'.format() }}", "format")]
    [InlineData("{% break %}", "'break'")]
    [InlineData("{% for loop in [1] %}{% endfor %}", "'loop'")]
    [InlineData("{% set true = 1 %}", "'true'")]
    [InlineData("{% set a, b = [1] %}", "1 values")]
    [InlineData("{{ [1]|first[0] }}", "missing")]
    [InlineData("{{ x is defined is defined }}", "test")]
    [InlineData("{{ 1 +}}", "expression")]
    [InlineData("{{ '\\N{DASH}' }}", "\\N")]
    [InlineData("{{ '\\ud83d' }}", "ud83d")]
    [InlineData("{{ '\\u12' }}", "\\u")]
    [InlineData("{{ 007 }}", "missing")]
    [InlineData("{% raw %}", "endraw")]
    [InlineData("{{ strftime_now('%Q') }}", "%Q")]
    [InlineData("{{ raise_exception('no', 1) }}", "raise_exception")]
    [InlineData("{{ 2**-1 + (-8)**0.5 }}", "complex")]
    [InlineData("{{ 1.5 is sameas 1.5 }}", "sameas")]
    public void What_is_not_known_or_not_allowed_is_refused_by_name(string template, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => Render(template)).Message);

    [Theory]
    [InlineData("{{ '-' * 10**9 }}")]
    [InlineData("{{ [1] * 10**9 }}")]
    [InlineData("{{ 10**(10**9) }}")]
    [InlineData("{{ 2**14000 * 2**14000 }}")]
    [InlineData("{{ 'a'.center(10**9) }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '%.*f' % (10**12, 1.0) }}")]
    [InlineData("{{ '{:1000000000}'.format(1) }}")]
    [InlineData("{{ range(10**6) }}")]
    [InlineData("{{ 'a'|indent(10**9) }}")]
    [InlineData("{{ [1]|batch(10**9, 'x')|list }}")]
    [InlineData("{{ [1]|slice(10**9)|list }}")]
    [InlineData("{{ [1]|tojson(indent=10**9) }}")]
    [InlineData("{{ ('a' * 4000).replace('', 'b' * 8000) }}")]
    [InlineData("{{ ','.join(['a' * 9000000, 'b' * 9000000]) }}")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}")]
    [InlineData("{% set n = namespace(l=[1], m=[1]) %}{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% set n.m = [n.m, n.m] %}{% endfor %}{{ n.l == n.m }}")]
    [InlineData("{% set n = namespace(l=(1,)) %}{% for i in range(60) %}{% set n.l = (n.l, n.l) %}{% endfor %}{{ {n.l: 1} }}")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(9999) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l|tojson }}")]
    [InlineData("{% set n = namespace(g=[1]|select) %}{% for i in range(99999) %}{% set n.g = n.g|select %}{% endfor %}{{ n.g|list }}")]
    [InlineData("{% set s = 'ab' * 8000000 %}{% for i in range(99999) %}{% set t = s.find('q') %}{% endfor %}")]
    [InlineData("{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}")]
    public void Work_and_size_are_bounded(string template) => Assert.Throws<InvalidDataException>(() => Render(template));

    [Theory]
    [InlineData("{{ 1", "+ 1", " }}")]
    [InlineData("{{ 'a'", "|upper", " }}")]
    [InlineData("{{ a", ".b", " }}")]
    [InlineData("{{ ", "-", "1 }}")]
    [InlineData("{{ 1", " if 1 else 1", " }}")]
    [InlineData("{% if 0 %}", "{% elif 0 %}", "{% endif %}")]
    [InlineData("{% set ", "(", "a = 1 %}")]
    public void Long_templates_do_not_exhaust_the_stack(string start, string link, string end)
    {
        var thread = new Thread(() => Record.Exception(() => Render(start + string.Concat(Enumerable.Repeat(link, 20_000)) + end)), maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
    }

    [Theory]
    [InlineData("%d %b %Y", "05 Mar 2027")]
    [InlineData("%A, %d %B %y %H:%M:%S|%I %p %P", "Friday, 05 March 27 14:07:09|02 PM pm")]
    [InlineData("%-d %e %_m %0e %-H %j %-I %k|%l", "5  5  3 05 14 064 2 14| 2")]
    [InlineData("%a %h %C %D %F %G %g %V %u %w %U %W", "Fri Mar 20 03/05/27 2027-03-05 2027 27 09 5 5 09 09")]
    [InlineData("%c|%x|%X|%r|%R|%T|%n%t%f", "Fri Mar  5 14:07:09 2027|03/05/27|14:07:09|02:07:09 PM|14:07|14:07:09|\n\t000000")]
    [InlineData("%%Y %% %^a %#b %z%Z%", "%Y % FRI MAR %")]
    public void Times_are_written_as_by_C(string format, string expected) => Assert.Equal(expected, TemplateDates.Format(new DateTime(2027, 3, 5, 14, 7, 9), format));

    [Fact]
    public void Variables_may_be_lists_and_dictionaries()
    {
        var variables = new Dictionary<string, object?> { ["tools"] = new[] { new Dictionary<string, object?> { ["name"] = "f", ["n"] = 2 } }, ["half"] = 0.5f };
        Assert.Equal("[{\"name\": \"f\", \"n\": 2}]0.5", new ChatTemplate("{{ tools|tojson }}{{ half }}").Render([], variables: variables));
    }

    [Fact]
    public void A_template_of_either_line_end_gives_the_same_text()
    {
        const string lines = "{% for m in messages %}\n  {{ m.role }}\n{% if loop.last %}\n{{ 'a\nb' }}\n{% endif %}\n{% endfor %}\n";
        Assert.Equal(Render(lines), Render(lines.Replace("\n", "\r\n")));
        Assert.DoesNotContain('\r', Render(lines.Replace("\n", "\r")));
    }
}
