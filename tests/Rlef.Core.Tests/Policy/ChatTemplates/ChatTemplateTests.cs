using System.Text.Json;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

public sealed class ChatTemplateTests
{
    sealed record Message(string Role, string Content);
    sealed record Golden(Message[] Messages, bool AddGenerationPrompt, bool? EnableThinking, string Text, int[] Ids);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Theory]
    [InlineData("llama3_1", 10)]
    [InlineData("qwen3", 15)]
    public void Dialogues_are_written_as_by_the_reference(string name, int count)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("tokenizer_golden", "chat_templates.json")));
        var folder = SharedData.Require("tokenizers", name);
        var (template, tokenizer) = (ChatTemplate.Load(folder)!, TokenizerFile.Load(Path.Combine(folder, "tokenizer.json")));
        var cases = document.RootElement.GetProperty(name).EnumerateObject().ToList();
        Assert.Equal(count, cases.Count);
        foreach (var item in cases)
        {
            var golden = item.Value.Deserialize<Golden>(Json)!;
            var variables = golden.EnableThinking is { } thinking ? new Dictionary<string, object?> { ["enable_thinking"] = thinking } : null;
            var text = template.Render(golden.Messages.Select(m => new ChatMessage(m.Role, m.Content)), golden.AddGenerationPrompt, variables);
            Assert.Equal(golden.Text, text);
            Assert.Equal(golden.Ids, tokenizer.EncodeMarkup(text));
        }
    }

    static ChatTemplate? Of(string config) => ChatTemplate.Find(name => name == "tokenizer_config.json" ? config : null, name => name);

    [Fact]
    public void Of_several_templates_the_default_one_is_taken() =>
        Assert.Equal("b", Of("""{"chat_template": [{"name": "tool_use", "template": "a"}, {"name": "default", "template": "b"}]}""")!.Render([]));

    [Theory]
    [InlineData("""[{"name": "rag", "template": "a"}, {"name": "tool_use", "template": "a"}]""", "without a template named default; there are rag, tool_use.")]
    [InlineData("[]", "without a template named default; there is none.")]
    [InlineData("""[{"template": "a"}]""", "chat_template[0] is not")]
    [InlineData("""["a"]""", "chat_template[0] is not")]
    [InlineData("""[{"name": "default", "template": 5}]""", "chat_template[0].template is of kind Number")]
    [InlineData("""{"default": "a"}""", "chat_template is of kind Object")]
    public void What_is_no_template_is_named(string template, string fault)
    {
        var error = Assert.Throws<InvalidDataException>(() => Of($$"""{"chat_template": {{template}}}""")).Message;
        Assert.StartsWith("tokenizer_config.json: chat_template", error, StringComparison.Ordinal);
        Assert.Contains(fault, error, StringComparison.Ordinal);
    }

    static string Render(string template) => new ChatTemplate(template, new Dictionary<string, string> { ["bos_token"] = "<s>", ["eos_token"] = "</s>" }).Render([new("user", "Hi "), new("assistant", "Yo")]);

    // Expected values are Jinja 3.1's, with trim_blocks and lstrip_blocks.
    [Theory]
    [InlineData("{% for m in messages %}\n  {{ m.role }}: {{ m['content'] | trim }}\n{% endfor %}\nend\n", "  user: Hi\n  assistant: Yo\nend")]
    [InlineData("  {%- if true -%}  x  {%- endif -%}  y", "xy")]
    [InlineData("a\n  {# note #}\n  b", "a\n  b")]
    [InlineData("a {% if 1 %} b{% endif %} c", "a  b c")]
    [InlineData("{%+ if 1 %}x{% endif %}", "x")]
    [InlineData("{{ messages[::-1][0].role }}{{ messages[-1].role[1:4] }}", "assistantssi")]
    [InlineData("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + loop.index %}{% set x = 1 %}{% endfor %}{{ ns.n }}{{ x is defined }}", "3False")]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 * 3.0 }}", "3 -4 2 3.5 6.0")]
    [InlineData("{{ 'a' if 0 else 'b' }}{{ 'c' if 0 }}{{ nothing }}{{ none }}", "bNone")]
    [InlineData("{{ 'x' in 'xyz' and 'q' not in ['x'] and not false }}", "True")]
    [InlineData("{{ ['é'] | tojson(ensure_ascii=false) }}", "[\"é\"]")]
    [InlineData("{{ {'a': [1, 'é\"', none, true]} | tojson }}", "{\"a\": [1, \"é\\\"\", null, true]}")]
    [InlineData("{{ {'a': [1, {}]} | tojson(indent=2) }}", "{\n  \"a\": [\n    1,\n    {}\n  ]\n}")]
    [InlineData("{% macro f(a, b='z') %}[{{ a }}{{ b }}]{% endmacro %}{{ f('x') }}{{ f('x', b='y') }}", "[xz][xy]")]
    [InlineData("{% set t %}a{{ 1 + 1 }}{% endset %}{{ t ~ 3 }}", "a23")]
    [InlineData("{% for k, v in {'a': 1, 'b': 2}.items() if v > 1 %}{{ k }}={{ v }}{% else %}none{% endfor %}", "b=2")]
    [InlineData("{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "013")]
    [InlineData("{{ 'a</t>\\nb'.split('</t>')[-1].lstrip('\\n') }}{{ ' x '.strip() }}{{ 'a,b'.split(',') | join('+') }}", "bxa+b")]
    [InlineData("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}{{ messages | map(attribute='role') | join(',') }}", "1user,assistant")]
    [InlineData("{{ bos_token }}{{ 'it\\'s' }}{{ ['a', \"b'\"] }}{{ eos_token }}", "<s>it's['a', \"b'\"]</s>")]
    [InlineData("{{ tools is not defined or tools is none }}{{ 3 is odd }}{{ messages is string }}", "TrueTrueFalse")]
    [InlineData("a\r\n{% if 1 %}\r\nx\r\n{% endif %}\r\nb\rc{{ 'd\r\ne' | length }}\r\n", "a\nx\nb\nc3")]
    [InlineData("{{ '' | default('z', false) }}{{ '' | default('y', boolean=true) }}{{ nothing | default(default_value='q') }}{{ none | default('n') }}", "yqNone")]
    [InlineData("{{ [{'a': {'b': 1}}, {'a': {'b': 2}}] | map(attribute='a.b') | join('+') }}{{ [{'k': 1}, {}] | map(attribute='k', default='-') | join }}{{ messages | join(',', attribute='role') }}", "1+21-user,assistant")]
    [InlineData("{{ \"they're bill's HELLO-world (foo\" | title }}{{ \"they're\".title() }}", "They're Bill's Hello-World (FooThey'Re")]
    [InlineData("{% if 1 +%}\nx\n{% endif +%}\ny{{ '\\x41\\u00e9\\U0001F600' }}", "\nx\n\nyAé😀")]
    [InlineData("{{ strftime_now('%Y%%Y') == strftime_now('%Y') ~ '%Y' }}{{ strftime_now('%A, %-d %H:%M:%S %p %j %y') | length > 20 }}", "TrueTrue")]
    [InlineData("{{ '3.7' | int }}{{ ' 12 ' | int }}{{ 'x' | int(7) }}{{ 'x' | int }}", "31270")]
    [InlineData("{{ 'abc'.startswith(('x', 'a')) }}{{ 'abc'.endswith(('x',)) }}{{ 'abc'.startswith('b', 1) }}{{ 'xaxa'.replace('x', 'y', 1) }}{{ 'aaa' | replace('a', 'b', 2) }}", "TrueFalseTrueyaxabba")]
    [InlineData("{{ [1, 2, 3] | select('odd') | list }}{{ [1, 2, 3] | reject('equalto', 2) | list }}{{ [0, 1, ''] | select | list }}", "[1, 3][1, 3][1]")]
    public void Templates_follow_Jinja(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{% if x %}", "endif")]
    [InlineData("a\n{{ 1 +", "line 2")]
    [InlineData("{% frob %}", "frob")]
    [InlineData("{{ 'a' | frob }}", "frob")]
    [InlineData("{{ raise_exception('roles must alternate') }}", "roles must alternate")]
    [InlineData("{{ 1 // 0 }}", "zero")]
    [InlineData("{{ nothing.role }}", "role")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "end")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "deep")]
    [InlineData("{% set ns = namespace(t='aaaaaaaaaaaaaaaa') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}", "bounds")]
    [InlineData("{% endif %}", "endif")]
    [InlineData("{{ 'a'.split(1", "missing")]
    [InlineData("{{ 'abc'.replace('a') }}", "arguments")]
    public void A_faulty_template_is_one_clear_error(string template, string part)
    {
        var e = Assert.Throws<InvalidDataException>(() => Render(template));
        Assert.StartsWith("chat template: ", e.Message);
        Assert.Contains(part, e.Message);
    }

    [Fact]
    public void Nested_brackets_do_not_exhaust_the_stack() =>
        Assert.Contains("deep", Assert.Throws<InvalidDataException>(() => Render($"{{{{ {new string('(', 100_000)}1{new string(')', 100_000)} }}}}")).Message);

    [Fact]
    public void Damaged_templates_never_escape_as_another_exception()
    {
        const string good = "{% for m in messages[::-1] %}{% if m.role == 'user' and loop.index0 > 0 %}{{ m.content | trim }}{% else %}{{- {'a': [1, 2]} | tojson -}}{% endif %}{% set x = m.role.split('s')[0] %}{% endfor %}";
        var random = new Random(1);
        const string alphabet = "{}%#()[]'\"|.,:+-*/=<>! \nabcx01";
        for (var round = 0; round < 5000; round++)
        {
            var bad = good.ToCharArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                bad[random.Next(bad.Length)] = alphabet[random.Next(alphabet.Length)];
            try
            {
                Render(new string(bad)[random.Next(3)..]);
            }
            catch (InvalidDataException)
            {
            }
        }
    }
}
