using CsCheck;
using LLMOS.Benchmarks.Measuring;

namespace LLMOS.Benchmarks.Tests;

public sealed class StatisticsTests
{
    private static readonly Gen<double[]> Samples = Gen.Double[-1e6, 1e6].Array[1, 40];

    [Theory]
    [InlineData(new[] { 3.0 }, 50, 3)]
    [InlineData(new[] { 4.0, 1, 3, 2 }, 50, 2.5)]
    [InlineData(new[] { 5.0, 1, 3 }, 50, 3)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, 0, 1)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, 100, 5)]
    [InlineData(new[] { 10.0, 20 }, 99, 19.9)]
    public void A_percentile_is_interpolated_between_neighbours(double[] samples, double percent, double expected) =>
        Assert.Equal(expected, Statistics.Percentile(samples, percent), 9);

    [Fact]
    public void Percentiles_lie_among_the_samples_rise_and_do_not_mind_the_order() =>
        Gen.Select(Samples, Gen.Double[0, 100], Gen.Double[0, 100]).Sample((samples, one, other) =>
        {
            var (low, high) = (Statistics.Percentile(samples, Math.Min(one, other)), Statistics.Percentile(samples, Math.Max(one, other)));
            Assert.InRange(low, samples.Min(), high);
            Assert.InRange(high, low, samples.Max());
            Assert.Equal(low, Statistics.Percentile(samples.Reverse(), Math.Min(one, other)));
        });

    [Fact]
    public void Half_of_the_samples_are_on_each_side_of_the_median() =>
        Samples.Sample(samples =>
        {
            var median = Statistics.Median(samples);
            Assert.True(samples.Count(sample => sample <= median) * 2 >= samples.Length);
            Assert.True(samples.Count(sample => sample >= median) * 2 >= samples.Length);
        });

    [Fact]
    public void A_machine_that_gets_slower_half_way_does_not_shift_the_ratio_of_rounds() =>
        Assert.Equal(0.9, Statistics.MedianRatio([90, 90, 45, 9, 9], [100, 100, 50, 10, 10]), 9);

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Statistics.Median([]));
        Assert.Throws<ArgumentException>(() => Statistics.Median([1, double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Percentile([1], 101));
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Percentile([1], double.NaN));
        Assert.Throws<ArgumentException>(() => Statistics.MedianRatio([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Statistics.MedianRatio([1], [0]));
    }

    [Theory]
    [InlineData(new[] { 7.0, 7, 7, 7 }, 1)]
    [InlineData(new[] { 5.0, 0, 0, 0 }, 0.25)]
    [InlineData(new[] { 1.0, 3 }, 0.8)]
    public void Jains_index_is_one_for_equal_shares_and_a_part_for_one_who_has_all(double[] shares, double expected) =>
        Assert.Equal(expected, Statistics.Jain(shares), 12);

    [Fact]
    public void Jains_index_minds_neither_order_nor_scale_and_lies_between_its_bounds() =>
        Gen.Select(Gen.Double[0.1, 1e4].Array[1, 40], Gen.Double[0.1, 100]).Sample((shares, scale) =>
        {
            var index = Statistics.Jain(shares);
            Assert.InRange(index, (1.0 / shares.Length) - 1e-9, 1 + 1e-9);
            Assert.Equal(index, Statistics.Jain([.. shares.Reverse().Select(share => share * scale)]), 9);
        });

    [Fact]
    public void Shares_that_are_none_have_no_index()
    {
        Assert.Throws<ArgumentException>(() => Statistics.Jain([]));
        Assert.Throws<ArgumentException>(() => Statistics.Jain([0, 0]));
        Assert.Throws<ArgumentException>(() => Statistics.Jain([1, -1]));
        Assert.Throws<ArgumentException>(() => Statistics.Jain([1, double.NaN]));
    }
}
