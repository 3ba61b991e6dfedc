using SmimeOperator.Hosting;

namespace SmimeOperator.Tests.Hosting;

/// <summary>Memory is given back when work has come to rest or has grown the heap: not all the time while it goes on, and not again and again while nothing happens.</summary>
public sealed class HeapWatchTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void Once_for_each_time_that_work_comes_to_rest()
    {
        var watch = new HeapWatch();
        long[] megabytes = [1, 2, 3, 200, 700, 1200, 1200, 1200, 1201, 1204, 1300, 1300, 1302];

        megabytes.Where(m => watch.IsWorthwhile(m * Megabyte, heap: Megabyte)).ShouldBe([1200, 1300]);
    }

    [Fact]
    public void Little_by_little_it_is_worthwhile_when_it_has_come_together()
    {
        var watch = new HeapWatch();

        Enumerable.Range(0, 400).Count(m => watch.IsWorthwhile(m * Megabyte / 4, heap: Megabyte)).ShouldBe(3);
    }

    [Fact]
    public void In_the_middle_of_work_when_the_heap_has_grown_and_not_again_for_what_turned_out_to_be_in_use()
    {
        var watch = new HeapWatch();
        List<long> collected = [];
        long allocated = 0;
        foreach (var heap in (long[])[5, 11, 30, 30, 41, 43, 44, 54, 60])
        {
            allocated += 100;
            if (watch.IsWorthwhile(allocated * Megabyte, heap * Megabyte))
            {
                collected.Add(heap);
                watch.Collected((heap - 1) * Megabyte);
            }
        }

        collected.ShouldBe([30, 41, 54]);
    }
}
