using System.Collections.Concurrent;
using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Interop;

/// <summary>All tests that set the log's delegate, which a process has one of: in one class they run one after another.</summary>
public sealed class LogTests
{
    [Fact]
    public void The_log_goes_to_the_delegate_in_whole_lines()
    {
        LlamaRuntime.EnsureLoaded();
        var lines = new ConcurrentQueue<(LlamaLogLevel Level, string Line)>();
        LlamaRuntime.Log = (level, line) => lines.Enqueue((level, line));
        try
        {
            using var model = LlamaModel.Load(TestModels.Path(GgmlType.F32));
        }
        finally
        {
            LlamaRuntime.Log = null;
        }
        Assert.Contains(lines, line => line.Line.Contains("general.architecture", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Line.Contains('\n'));
    }

    [Fact]
    public void A_log_delegate_that_throws_does_no_harm()
    {
        LlamaRuntime.EnsureLoaded();
        LlamaRuntime.Log = (_, _) => throw new InvalidOperationException();
        try
        {
            using var model = LlamaModel.Load(TestModels.Path(GgmlType.F32));
            Assert.Equal("llama", model.Architecture);
        }
        finally
        {
            LlamaRuntime.Log = null;
        }
    }

    [Theory]
    [InlineData(null, "no chat template")]
    [InlineData("{{ something nobody knows }}", "line 1, column 14")]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "times that are allowed")]
    [InlineData("{{ raise_exception('Not today.') }}", "Not today")]
    public void A_template_that_is_missing_or_broken_becomes_chatml_with_one_warning(string? template, string reason)
    {
        var path = TestModels.Path(GgmlType.F32, new RandomModelOptions { ChatTemplate = template, Name = $"template of {template?.Length ?? 0}" });
        using var model = LlamaModel.Load(path);
        var warnings = new List<string>();
        LlamaRuntime.Log = (level, line) =>
        {
            if (level == LlamaLogLevel.Warning && line.Contains(model.Name, StringComparison.Ordinal))
                warnings.Add(line);
        };
        try
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal("<|im_start|>user\nx<|im_end|>\n", model.ApplyChatTemplate([new ChatTurn("user", "x")], addAssistant: false).Text);
        }
        finally
        {
            LlamaRuntime.Log = null;
        }
        Assert.True(model.UsesFallbackChatTemplate);
        Assert.Contains(reason, Assert.Single(warnings), StringComparison.Ordinal);
    }
}
