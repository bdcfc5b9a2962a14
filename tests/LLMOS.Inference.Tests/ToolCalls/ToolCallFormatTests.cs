using LLMOS.Inference.Tests.Templates;

namespace LLMOS.Inference.Tests.ToolCalls;

public sealed class ToolCallFormatTests
{
    [Theory]
    [InlineData("llama-3.1", ToolCallFormat.Llama3)]
    [InlineData("qwen-2.5", ToolCallFormat.Hermes)]
    [InlineData("qwen-3", ToolCallFormat.Hermes)]
    [InlineData("mistral", ToolCallFormat.Mistral)]
    [InlineData("gemma-tools", ToolCallFormat.Pythonic)]
    [InlineData("phi-4-mini", ToolCallFormat.Granite)]
    [InlineData("deepseek-v3", ToolCallFormat.DeepSeek)]
    [InlineData("granite-3", ToolCallFormat.Granite)]
    [InlineData("gpt-oss", ToolCallFormat.Harmony)]
    [InlineData("chatml", ToolCallFormat.None)]
    public void A_template_shows_how_its_model_calls(string family, ToolCallFormat format) => Assert.Equal(format, ToolCallFormats.Of(Jinja.Fixture(family)));
}
