using SmimeOperator.Hosting;

namespace SmimeOperator.Tests.Hosting;

/// <summary>Memory is given back when work has come to rest: not in its middle, and not again and again while nothing happens.</summary>
public sealed class HeapRestTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void Once_for_each_time_that_work_comes_to_rest()
    {
        var rest = new HeapRest();
        long[] megabytes = [1, 2, 3, 200, 700, 1200, 1201, 1202, 1203, 1204, 1300, 1301, 1302];

        megabytes.Where(m => rest.IsWorthwhile(m * Megabyte)).ShouldBe([1201, 1301]);
    }

    [Fact]
    public void Little_by_little_it_is_worthwhile_when_it_has_come_together()
    {
        var rest = new HeapRest();

        Enumerable.Range(0, 100).Count(m => rest.IsWorthwhile(m * Megabyte)).ShouldBe(3);
    }
}
