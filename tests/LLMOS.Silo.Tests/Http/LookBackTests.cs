using LLMOS.Silo.Http.Live;

namespace LLMOS.Silo.Tests.Http;

public sealed class LookBackTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly LookBack _lookBack;

    public LookBackTests() => _lookBack = new LookBack(30 * Second, Second, _time);

    [Fact]
    public void Everything_is_asked_for_until_somebody_answers_and_then_what_came_since_the_asking()
    {
        Assert.Equal(30 * Second, _lookBack.Next());
        _time.Advance(5 * Second);
        Assert.Equal(30 * Second, _lookBack.Next());

        var asked = _time.GetTimestamp();
        _time.Advance(4 * Second);
        _lookBack.Heard(["a", "a"], asked);

        // The answer took four seconds: what came meanwhile is not in it.
        Assert.Equal(5 * Second, _lookBack.Next());
    }

    [Fact]
    public void Samples_without_an_answer_leave_no_gap()
    {
        _lookBack.Heard(["a"], _time.GetTimestamp());
        for (var missed = 1; missed <= 3; missed++)
        {
            _time.Advance(2 * Second);
            _lookBack.Heard([], _time.GetTimestamp());
            Assert.Equal((2 * missed + 1) * Second, _lookBack.Next());
        }
    }

    [Fact]
    public void The_silo_that_was_silent_longest_decides_until_it_is_gone()
    {
        _lookBack.Heard(["a", "b"], _time.GetTimestamp());
        _time.Advance(10 * Second);
        _lookBack.Heard(["a"], _time.GetTimestamp());
        Assert.Equal(11 * Second, _lookBack.Next());

        _time.Advance(20 * Second + TimeSpan.FromMilliseconds(1));
        _lookBack.Heard(["a"], _time.GetTimestamp());
        Assert.Equal(Second, _lookBack.Next());
    }
}
