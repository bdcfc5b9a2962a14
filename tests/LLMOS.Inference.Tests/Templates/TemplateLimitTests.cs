using LLMOS.Inference.Templates;

namespace LLMOS.Inference.Tests.Templates;

/// <summary>A hostile template ends with a sentence, within the steps that it may cost.</summary>
public sealed class TemplateLimitTests
{
    private const string Doubling = "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}";

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "1000000 times")]
    [InlineData("{% for a in range(1000000000) %}{% endfor %}", "100000")]
    [InlineData(Doubling, "16777216 characters")]
    [InlineData("{{ 'x' * 1000000000 }}", "16777216 characters")]
    [InlineData("{{ '%999999999d' % 1 }}", "1000")]
    [InlineData("{{ 'a'.ljust(2000000000) }}", "16777216 characters")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "20000000 steps")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "400 levels")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(5000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}", "400 levels")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(5000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}", "400 levels")]
    [InlineData("{% set a = namespace(l=[]) %}{% set b = namespace(l=[]) %}{% for i in range(5000) %}{% set a.l = [a.l] %}{% set b.l = [b.l] %}{% endfor %}{{ a.l == b.l }}", "400 levels")]
    [InlineData("{% set big = 'a' * 2000000 %}{{ big.find('a' * 1000000 ~ 'b' ~ 'a' * 900000) }}", "20000000 steps")]
    [InlineData("{% set big = 'a' * 10000000 %}{% for i in range(100000) %}{% if big == big ~ '' %}{% endif %}{% endfor %}", "20000000 steps")]
    [InlineData("{{ 10 ** 1000000000 }}", "too large")]
    public void A_template_that_never_ends_is_ended(string template, string reason)
    {
        var exception = Assert.Throws<ChatTemplateException>(() => Jinja.Render(template));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nests_too_deep_is_refused_before_the_stack_ends()
    {
        Refused("{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}", "150 levels");
        Refused("{{ " + new string('-', 100_000) + "1 }}", "150 levels");
        Refused(string.Concat(Enumerable.Repeat("{% if x %}", 50_000)), "150 levels");
        Refused("{{ " + string.Concat(Enumerable.Repeat("not ", 50_000)) + "x }}", "150 levels");
        Refused("{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 50_000)) + " }}", "400 levels");
        Refused("{{ user" + string.Concat(Enumerable.Repeat(".a", 50_000)) + " }}", "400 levels");
        Refused("{{ name" + string.Concat(Enumerable.Repeat(" | trim", 50_000)) + " }}", "400 levels");

        static void Refused(string template, string reason) =>
            Assert.Contains(reason, Assert.Throws<ChatTemplateException>(() => Jinja.Render(template)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_those_that_are_given()
    {
        Assert.Throws<ChatTemplateException>(() => Jinja.Render("12345", new TemplateLimits { SourceCharacters = 4 }));
        Assert.Throws<ChatTemplateException>(() => Jinja.Render("12345", new TemplateLimits { TextCharacters = 4 }));
        Assert.Throws<ChatTemplateException>(() => Jinja.Render("{% for x in nums %}{% endfor %}", new TemplateLimits { Iterations = 2 }));
        Assert.Equal("123", Jinja.Render("{% for x in nums %}{{ loop.index }}{% endfor %}", new TemplateLimits { Iterations = 3, TextCharacters = 3 }));
    }
}
