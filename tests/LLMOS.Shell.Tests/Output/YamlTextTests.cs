using System.Text.Json;
using LLMOS.Shell.Output;
using YamlDotNet.RepresentationModel;

namespace LLMOS.Shell.Tests.Output;

public sealed class YamlTextTests
{
    [Fact]
    public void It_is_what_the_json_is()
    {
        var yaml = YamlText.Of("""[{"pid":7,"name":"poet","exit":null,"ok":true,"text":"a: b # c","number":"42","word":"no","lines":"one\ntwo","tags":[],"more":{},"list":[1.5,"x"]}]""");
        Assert.Equal(
            """
            - pid: 7
              name: poet
              exit: null
              ok: true
              text: "a: b # c"
              number: "42"
              word: "no"
              lines: "one\ntwo"
              tags: []
              more: {}
              list:
              - 1.5
              - x
            """.ReplaceLineEndings("\n"),
            yaml);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- x")]
    [InlineData("null")]
    [InlineData("true ")]
    [InlineData("0x1F")]
    [InlineData("1e3")]
    [InlineData("2026-01-31")]
    [InlineData("\u001b[2J")]
    [InlineData("'quoted' \"twice\"")]
    [InlineData("日本 \U0001F642")]
    [InlineData("trailing \\")]
    public void A_text_is_read_back_as_that_text(string text)
    {
        var yaml = YamlText.Of(JsonSerializer.Serialize(new[] { text }));
        Assert.DoesNotContain('\u001b', yaml);
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var scalar = Assert.IsType<YamlScalarNode>(Assert.Single(Assert.IsType<YamlSequenceNode>(stream.Documents[0].RootNode)));
        Assert.Equal(text, scalar.Value);
        Assert.Equal(YamlDotNet.Core.ScalarStyle.DoubleQuoted, scalar.Style);
    }
}
