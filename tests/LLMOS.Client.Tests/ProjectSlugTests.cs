using LLMOS.Agents;

namespace LLMOS.Client.Tests;

public sealed class ProjectSlugTests
{
    [Theory]
    [InlineData("Create a web server with authentication and logging", "webserver")]
    [InlineData("Please write me a simple REST API in Go.", "restapi")]
    [InlineData("I'd like you to build a command line parser for C#", "commandlineparser")]
    [InlineData("Todo app: offline first", "todoapp")]
    [InlineData("write a program that sorts numbers", "sortsnumbers")]
    [InlineData("hello world", "helloworld")]
    [InlineData("Don't panic", "dontpanic")]
    [InlineData("Erstelle einen Webserver für Bücher", "erstelleeinenwebserver")]
    [InlineData("создай веб сервер", "создайвебсервер")]
    [InlineData("???", "untitled")]
    [InlineData("", "untitled")]
    [InlineData("create a", "untitled")]
    [InlineData("../../etc/passwd", "etcpasswd")]
    public void A_slug_is_what_the_request_is_about(string request, string slug) => Assert.Equal(slug, ProjectSlug.Of(request));

    [Fact]
    public void A_slug_is_short_and_safe_in_a_path_whatever_the_request()
    {
        foreach (var request in new[] { new string('x', 1_000_000), "a/b\\c\0d\u001b[31m", string.Concat(Enumerable.Repeat("\U0001D49C", 100)), "\ud800 lone" })
        {
            var slug = ProjectSlug.Of(request);
            Assert.InRange(slug.Length, 1, ProjectSlug.MaxLength);
            Assert.All(slug.EnumerateRunes(), rune => Assert.True(System.Text.Rune.IsLetterOrDigit(rune)));
        }
    }
}
