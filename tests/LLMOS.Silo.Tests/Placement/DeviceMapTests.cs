using LLMOS.Silo.Placement;

namespace LLMOS.Silo.Tests.Placement;

public sealed class DeviceMapTests
{
    private readonly ManualTime _time = new();
    private readonly DeviceMap _map;

    public DeviceMapTests() => _map = new DeviceMap(_time);

    [Fact]
    public void The_newest_report_of_a_silo_counts_in_whatever_order_they_come()
    {
        _map.Update(Devices.Of(1, sequence: 2, Devices.Report(1, free: 20)));
        _map.Update(Devices.Of(1, sequence: 1, Devices.Report(1, free: 10)));
        Assert.Equal(20, Assert.Single(_map.Devices).MemoryFree);

        _map.Update(Devices.Of(1, sequence: 3, Devices.Report(1, free: 30)));
        Assert.Equal(30, Assert.Single(_map.Devices).MemoryFree);
    }

    [Fact]
    public void A_report_that_is_not_renewed_is_dropped()
    {
        _map.Update(Devices.Of(1, sequence: 1, Devices.Report(1)));
        _time.Advance(DeviceMap.Freshness);
        Assert.True(_map.Knows(Devices.Silo(1)));
        Assert.Single(_map.Devices);

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_map.Knows(Devices.Silo(1)));
        Assert.Empty(_map.Devices);
    }

    [Fact]
    public void A_silo_without_a_device_is_known_for_that()
    {
        _map.Update(Devices.Of(1, sequence: 1));
        Assert.True(_map.Knows(Devices.Silo(1)));
        Assert.False(_map.Knows(Devices.Silo(2)));
        Assert.Empty(_map.Devices);
    }

    [Fact]
    public void The_devices_of_a_silo_that_is_gone_go_with_it()
    {
        _map.Update(Devices.Of(1, sequence: 1, Devices.Report(1)));
        _map.Update(Devices.Of(2, sequence: 1, Devices.Report(2)));
        _map.Remove(Devices.Silo(1));
        Assert.Equal(Devices.Silo(2), Assert.Single(_map.Devices).Silo);
    }
}
