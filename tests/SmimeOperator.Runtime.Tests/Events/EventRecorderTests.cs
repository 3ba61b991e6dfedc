using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using SmimeOperator.Runtime.Events;

namespace SmimeOperator.Runtime.Tests.Events;

public sealed class EventRecorderTests(Cluster cluster)
{
    [Fact]
    public async Task What_is_said_again_is_counted_also_by_the_next_process()
    {
        var ns = await cluster.NewNamespaceAsync();
        var widget = await cluster.CreateAsync(ns, "w");
        var token = TestContext.Current.CancellationToken;
        for (var process = 0; process < 2; process++)
        {
            await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns);
            var publish = app.Get<EventPublisher>();
            await publish(widget, "Imported", "three certificates", cancellationToken: token);
            await publish(widget, "Imported", "three certificates", cancellationToken: token);
            await publish(widget, "Failed", "ä" + new string('x', 2000), EventType.Warning, token);
        }

        var events = (await cluster.Client.EventsV1.ListNamespacedEventAsync(ns, cancellationToken: TestContext.Current.CancellationToken)).Items;

        events.Count.ShouldBe(2);
        var imported = events.Single(static item => item.Reason == "Imported");
        imported.Series.Count.ShouldBe(4);
        imported.Regarding.Uid.ShouldBe(widget.Metadata.Uid);
        imported.Note.ShouldBe("three certificates");
        events.Single(static item => item.Reason == "Failed").Type.ShouldBe("Warning");
        (await cluster.Server.Kubectl.RunAsync("describe", "widgets", "w", "-n", ns)).ShouldContain("three certificates");
    }

    [Fact]
    public void An_object_has_a_burst_and_then_little()
    {
        var time = new FakeTimeProvider();
        var sut = new EventBudget(burst: 3, TimeSpan.FromMinutes(5), time);

        Enumerable.Range(0, 5).Select(_ => sut.TrySpend("a")).ShouldBe([true, true, true, false, false]);
        sut.TrySpend("b").ShouldBeTrue();
        time.Advance(TimeSpan.FromMinutes(5));
        Enumerable.Range(0, 2).Select(_ => sut.TrySpend("a")).ShouldBe([true, false]);
    }
}
