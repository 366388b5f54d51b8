using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates.Tests;

public sealed class TemplateFuzzTests
{
    private static readonly string[] Values =
        ["1", "0", "-1", "1.5", "'a'", "' b '", "true", "none", "m.content", "m['role']", "messages", "x", "eos_token", "ns.a", "[]", "[1, 'a']", "{'k': 1}", "loop.index", "9223372036854775807", "'😀'"];

    private static readonly string[] Operators = [" + ", " - ", " * ", " / ", " // ", " % ", " ** ", " ~ ", " == ", " != ", " < ", " >= ", " in ", " not in ", " and ", " or "];

    private static readonly string[] Endings =
    [
        "|trim", "|upper", "|length", "|first", "|list", "|string", "|join(',')", "|tojson", "|tojson(indent=2)", "|replace('a', 'b', 1)", "|default('d')", "|map('upper')|list", "|selectattr('role', 'equalto', 'user')|list", "|int",
        "|items", "|unique", "|abs", "[0]", "[-1]", "[1:]", "[::-1]", "[::-9223372036854775807]", ".k", ".append(1)", ".split('a', 1)", ".strip()", ".get('k')", ".items()", ".title()", "()", " is defined", " is odd", " is in [1]",
        " is divisibleby 2", "|reverse", "|float", ".rsplit('a', 1)", ".replace('', '-')", "|nothing", " is nothing",
    ];

    private static readonly string[] Damage = ["{{", "}}", "{%", "%}", "{#", "#}", "'", "\"", "(", "]", "{", "-", "|", "\\", "\n", "\0", "\ud83d", "{% raw %}", "{% endfor %}", "{% else %}", "{%-", "if", "1e999", "\\U0011"];

    [Fact]
    public void ARandomTemplateIsRenderedOrRefused()
    {
        var rendered = 0;
        for (var round = 0; round < 8_000; round++)
        {
            var random = new RandomStream(1, "templates", round);
            var template = "{% set ns = namespace(a=1) %}" + Body(ref random, 3);
            if (random.Next(4) == 0)
            {
                template = template.Insert(random.Next(template.Length + 1), random.Pick(Damage)).Remove(random.Next(template.Length), 1);
            }

            try
            {
                Rendering.Open(template).Render([new(Message.User, "a b\n"), new(Message.Assistant, "😀'\"")], answers: random.Next(2) == 0);
                rendered++;
            }
            catch (InvalidDataException problem)
            {
                problem.Message.ShouldStartWith("tokenizer_config.json: chat_template(");
            }
        }

        rendered.ShouldBeGreaterThan(800);
    }

    private static string Body(ref RandomStream random, int depth)
    {
        var body = new StringBuilder();
        for (var left = random.Next(0, 4); left > 0; left--)
        {
            body.Append(Statement(ref random, depth));
        }

        return body.ToString();
    }

    private static string Statement(ref RandomStream random, int depth) => random.Next(depth > 0 ? 9 : 3) switch
    {
        0 => "text \n ",
        1 or 2 => "{{ " + Expression(ref random, 2) + " -}}\n",
        3 => "{% if " + Expression(ref random, 1) + " %}" + Body(ref random, depth - 1) + "{% else %}" + Body(ref random, depth - 1) + "{% endif %}",
        4 => "{%- for m in messages %}" + Body(ref random, depth - 1) + "{% endfor %}",
        5 => "{% for m in " + Expression(ref random, 1) + " if m %}" + Body(ref random, depth - 1) + "{% break %}{% else %}x{% endfor -%}",
        6 => "{% set x = " + Expression(ref random, 2) + " %}",
        7 => "{% set x | trim %}" + Body(ref random, depth - 1) + "{% endset %}{% set ns.a = " + Expression(ref random, 1) + " %}",
        _ => "{% macro x(m, y=2) %}" + Body(ref random, depth - 1) + "{% endmacro %}{{ x(" + Expression(ref random, 1) + ") }}",
    };

    private static string Expression(ref RandomStream random, int depth) => random.Next(depth > 0 ? 7 : 1) switch
    {
        0 or 1 => random.Pick(Values),
        2 => Expression(ref random, depth - 1) + random.Pick(Operators) + Expression(ref random, depth - 1),
        3 or 4 => "(" + Expression(ref random, depth - 1) + ")" + random.Pick(Endings),
        5 => "-" + Expression(ref random, depth - 1) + " if not " + Expression(ref random, depth - 1) + " else [" + Expression(ref random, depth - 1) + "]",
        _ => "range(" + Expression(ref random, depth - 1) + ", 9)|list",
    };
}
