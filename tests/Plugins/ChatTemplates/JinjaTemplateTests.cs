using static Experiments.Plugins.ChatTemplates.Tests.Rendering;

namespace Experiments.Plugins.ChatTemplates.Tests;

public sealed class JinjaTemplateTests
{
    [Theory]
    [InlineData("a\n{% if true %}\nb\n{% endif %}\nc", "a\nb\nc")]
    [InlineData("a\n  {% if true %}b{% endif %}\nc", "a\nbc")]
    [InlineData("a  {% if true %}b{% endif %}  c", "a  b  c")]
    [InlineData("a {%- if true -%} b {%- endif -%} c", "abc")]
    [InlineData("  {%+ if true %}a{% endif +%}\nb", "  a\nb")]
    [InlineData("a \n {{- 'b' -}} \n c", "abc")]
    [InlineData("a\n  {{ 'b' }}\nc", "a\n  b\nc")]
    [InlineData("a\n  {# no #}\nb{#- no -#} c", "a\nbc")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("{% raw %}{{ x }}{% endraw %}", "{{ x }}")]
    [InlineData("{{ '}}' }}{{ {'a': {'b': 1}}['a']['b'] }}", "}}1")]
    public void WhiteSpaceGoesAsTransformersHasIt(string template, string expected) => Text(template).ShouldBe(expected);

    [Theory]
    [InlineData("1 + 2 * 3 ** 2", "19")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("4 / 2", "2.0")]
    [InlineData("'a' ~ 1 ~ none", "a1None")]
    [InlineData("'a' * 3", "aaa")]
    [InlineData("1 < 2 <= 2 and not 3 > 4", "True")]
    [InlineData("true == 1", "True")]
    [InlineData("'b' in 'abc' and 'd' not in ['a'] and 'k' in {'k': 1}", "True")]
    [InlineData("'' or 'x'", "x")]
    [InlineData("'a' if false", "")]
    [InlineData("'a' if false else 'b' if false else 'c'", "c")]
    [InlineData("'tab\\t\\x41\\u00e9\\q' \"'\"", "tab\tAé\\q'")]
    [InlineData("'abcdef'[1:-1:2]", "bd")]
    [InlineData("[1, 2, 3][::-1]", "[3, 2, 1]")]
    [InlineData("(1, 'a')[-1]", "a")]
    [InlineData("'a😀b'|length ~ 'a😀b'[1]", "3😀")]
    [InlineData("{'a': none, 'b': [true, 1.0]}", "{'a': None, 'b': [True, 1.0]}")]
    [InlineData("range(1, 6, 2)|list", "[1, 3, 5]")]
    [InlineData("dict(a=1).items()|list|length", "1")]
    public void ExpressionsHaveTheirValues(string expression, string expected) => Text("{{ " + expression + " }}").ShouldBe(expected);

    [Theory]
    [InlineData("' a '|trim ~ '|'", "a|")]
    [InlineData("'xax'|trim('x')", "a")]
    [InlineData("'aB'|upper ~ 'aB'|lower ~ 'a bC'|title ~ 'aB'|capitalize", "ABabA BcAb")]
    [InlineData("['a', 1]|join(', ')", "a, 1")]
    [InlineData("[{'n': 'a'}, {'n': 'b'}]|map(attribute='n')|join", "ab")]
    [InlineData("['a', 'b']|map('upper')|join", "AB")]
    [InlineData("[{'n': 1}, {'n': 2}, {}]|selectattr('n', 'equalto', 2)|list", "[{'n': 2}]")]
    [InlineData("[{'n': 1}, {}]|rejectattr('n')|list|length", "1")]
    [InlineData("['a', 1]|select('string')|list", "['a']")]
    [InlineData("['a', 'b']|reject('equalto', 'a')|list", "['b']")]
    [InlineData("x|default('d') ~ ''|default('e', true)", "de")]
    [InlineData("{'a': [1, 'é\"\\n'], 'b': none}|tojson", "{\"a\": [1, \"é\\\"\\n\"], \"b\": null}")]
    [InlineData("{'a': [1]}|tojson(indent=2)", "{\n  \"a\": [\n    1\n  ]\n}")]
    [InlineData("'aaa'|replace('a', 'b', 2)", "bba")]
    [InlineData("[1, 2]|first ~ [1, 2]|last ~ [1, 2]|length ~ ('ab'|list)", "122['a', 'b']")]
    [InlineData("'12'|int + 1", "13")]
    [InlineData("{'a': 1}|items|list", "[['a', 1]]")]
    public void FiltersDoWhatJinjasDo(string expression, string expected) => Text("{{ " + expression + " }}").ShouldBe(expected);

    [Theory]
    [InlineData("' a '.strip() ~ 'xa'.lstrip('x') ~ 'ax'.rstrip('x')", "aaa")]
    [InlineData("'a b  c'.split() ~ 'a,b,c'.split(',', 1)", "['a', 'b', 'c']['a', 'b,c']")]
    [InlineData("' a \\x1c b\\u3000'.strip() ~ 'a \\x1cb'.split()", "a \u001c b['a', 'b']")]
    [InlineData("'a</t>b'.split('</t>')[-1]", "b")]
    [InlineData("'abc'.startswith('ab') and 'abc'.endswith(('x', 'c'))", "True")]
    [InlineData("'ab'.upper() ~ 'AB'.lower() ~ \"it's\".title() ~ 'aab'.replace('a', 'c', 1)", "ABabIt'Scab")]
    [InlineData("{'a': 1}.get('a') ~ {'a': 1}.get('b', 2) ~ {}.get('c')", "12None")]
    [InlineData("{'a': 1}.keys()|list ~ {'a': 1}.values()|list", "['a'][1]")]
    public void MethodsDoWhatPythonsDo(string expression, string expected) => Text("{{ " + expression + " }}").ShouldBe(expected);

    [Theory]
    [InlineData("x is undefined and x is not defined and none is none and 'a' is string and {} is mapping")]
    [InlineData("[] is iterable and 'a' is sequence and true is boolean and true is true and false is false and 1 is not true")]
    [InlineData("3 is odd and 4 is even and 1 is number and 1.0 is float and 1 is equalto 1 and 6 is divisibleby(3) and 1 is in [1]")]
    public void TestsHoldWhereJinjasDo(string expression) => Text("{{ " + expression + " }}").ShouldBe("True");

    [Theory]
    [InlineData("{% for x in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.previtem }}{{ loop.nextitem }} {% endfor %}", "10TrueFalseb 21FalseFalseac 32FalseTrueb ")]
    [InlineData("{% for x in [] %}a{% else %}none{% endfor %}", "none")]
    [InlineData("{% for k, v in {'a': 1}.items() if v %}{{ k ~ v ~ loop.length }}{% endfor %}", "a11")]
    [InlineData("{% for x in range(9) %}{% if x == 1 %}{% continue %}{% endif %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}", "02")]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 2 %}{% endfor %}{{ n.x }}", "2")]
    [InlineData("{% if true %}{% set x = 2 %}{% endif %}{{ x }}", "2")]
    [InlineData("{% set a, b = [1, 2] %}{{ b ~ a }}", "21")]
    [InlineData("{% set x | trim | upper %} a{{ 1 }} {% endset %}{{ x }}", "A1")]
    [InlineData("{% macro m(a, b='d') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) + m(2, b=3) }}", "[1d][23]")]
    [InlineData("{% generation %}a{% endgeneration %}", "a")]
    [InlineData("{% if x %}{% elif not x.y %}{% endif %}", null)]
    [InlineData("{{ x }}{% for i in x %}{% endfor %}{% if x %}{% endif %}{{ x|length }}", "0")]
    [InlineData("{{ none.x }}{{ 'a'.x is defined }}", "False")]
    public void StatementsDoWhatJinjasDo(string template, string? expected)
    {
        if (expected is null)
        {
            Problem(template).ShouldBe("(1,25): 'x' is undefined, so it has no 'y'.");
        }
        else
        {
            Text(template).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("a\n  {% include 'x' %}", "(2,6): the tag 'include' is not supported. Supported: for, if, set, macro, generation, break, continue, raw.")]
    [InlineData("{{ 'a'|md5 }}", "(1,8): the filter 'md5' is not supported. Supported: abs,")]
    [InlineData("{{ 'a' is prime }}", "(1,11): the test 'prime' is not supported. Supported: boolean,")]
    [InlineData("{{ lipsum() }}", "(1,10): the function 'lipsum' is not supported. Supported: raise_exception, namespace, range, dict.")]
    [InlineData("{{ 'a'.zfill(3) }}", "(1,13): the method 'zfill' of a text is not supported. Supported: strip,")]
    [InlineData("{{ 'a'|trim(characters='x') }}", "(1,8): the argument 'characters' is not known. Known: chars.")]
    [InlineData("{{ strftime_now('%d') }}", "(1,16): 'strftime_now' is not supported, because")]
    [InlineData("\n{{ 1 +\n 'a' }}", "(2,6): a number and a text cannot be combined by '+'.")]
    [InlineData("{{ messages[0]['role'] }}", "(1,15): 'item 0' is undefined, so it has no 'role'.")]
    [InlineData("{{ 'a }}", "(1,4): the text does not end; close it with '.")]
    [InlineData("a {{ 1", "(1,3): the tag does not end; close it with '}}'.")]
    [InlineData("{% if 1 %}", "(1,11): 'endif' is missing.")]
    [InlineData("{# a", "(1,1): the comment does not end; close it with '#}'.")]
    [InlineData("{% raw %}", "(1,1): 'raw' does not end; close it with '{% endraw %}'.")]
    [InlineData("{{ 1 2 }}", "(1,6): expected '}}', but found '2'.")]
    [InlineData("{% break %}", "(1,4): 'break' is outside of a loop.")]
    [InlineData("{{ ? }}", "(1,4): '?' is not a character of an expression.")]
    [InlineData("{{ 1 // 0 }}", "(1,6): a number cannot be divided by 0.")]
    [InlineData("{{ 99999999999 ** 9 }}", "(1,16): the result of '**' is too large.")]
    [InlineData("{{ 'a' * 99999999999 }}", "(1,8): a text or list of 16,777,217 is too long;")]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "(1,4): the template loops more than 1,000,000 times.")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "(1,1): the template calls itself too deeply.")]
    public void AnErrorNamesItsPlace(string template, string problem) => Problem(template).ShouldStartWith(problem);

    [Fact]
    public void WhatIsNotKnownDoesNoHarmWhereNothingGoes() => Text("{% if tools %}{{ tools|md5 }}{{ strftime_now('%d') }}{% endif %}a").ShouldBe("a");

    [Fact]
    public void BracketsWithoutEndAreAnError() => Problem("{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}").ShouldEndWith("the template is nested too deeply.");

    [Fact]
    public void AListThatHoldsItselfIsAnError() =>
        Problem("{% set a = [] %}{% set _ = a.append(a) %}{{ a }}").ShouldEndWith("the template calls itself too deeply.");
}
