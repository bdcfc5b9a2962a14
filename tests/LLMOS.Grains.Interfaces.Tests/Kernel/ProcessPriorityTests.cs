using CsCheck;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Kernel;

public sealed class ProcessPriorityTests
{
    [Theory]
    [InlineData("0", 0, PriorityClass.RealTime)]
    [InlineData("3", 3, PriorityClass.RealTime)]
    [InlineData("4", 4, PriorityClass.High)]
    [InlineData("11", 11, PriorityClass.Normal)]
    [InlineData("12", 12, PriorityClass.Low)]
    [InlineData("19", 19, PriorityClass.Idle)]
    [InlineData("HIGH", 6, PriorityClass.High)]
    [InlineData("normal", 10, PriorityClass.Normal)]
    [InlineData("RealTime", 2, PriorityClass.RealTime)]
    [InlineData("idle", 18, PriorityClass.Idle)]
    public void A_number_or_a_class_is_a_priority(string text, int value, PriorityClass expected)
    {
        var priority = ProcessPriority.Parse(text);
        Assert.Equal(value, priority.Value);
        Assert.Equal(expected, priority.Class);
    }

    [Theory]
    [InlineData("20")]
    [InlineData("-1")]
    [InlineData("urgent")]
    [InlineData("")]
    [InlineData("HIGH,LOW")]
    [InlineData("99999999999")]
    public void Anything_else_is_refused_with_the_value_and_the_scale(string text)
    {
        var error = Assert.Throws<LlmosException>(() => ProcessPriority.Parse(text));
        Assert.Equal(LlmosErrorCode.InvalidArgument, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("19", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_lies_in_the_class_of_its_range_and_a_lower_one_is_more_urgent() =>
        Gen.Int[0, 19].Select(Gen.Int[0, 19]).Sample((a, b) =>
        {
            var (left, right) = (new ProcessPriority(a), new ProcessPriority(b));
            return left.Class == (PriorityClass)(a / 4) && (left < right) == (a < b) && (left >= right) == (a >= b);
        });
}
