using System.Text.Json;
using SmimeOperator.Runtime.Status;

namespace SmimeOperator.Runtime.Tests.Status;

public sealed class StatusWriterTests(Cluster cluster)
{
    [Fact]
    public async Task Status_is_written_when_it_means_something_else_and_never_otherwise()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns, probe: probe);
        var writer = app.Get<IStatusWriter<Widget>>();
        var widget = (await probe.Calls.CountAsync(1))[0].Widget;

        (await WriteAsync("one")).ShouldBeTrue();
        (await WriteAsync("one")).ShouldBeFalse();
        (await WriteAsync("two")).ShouldBeTrue();
        (await WriteAsync("two")).ShouldBeFalse();

        proxy.Requests.All.Count(static request => request.Method == "PATCH").ShouldBe(2);
        proxy.Requests.All.ShouldNotContain(static request => request.Method == "PUT" || request.Method == "POST");
        var stored = await cluster.ReadAsync(ns, "w");
        stored!["status"]!["phase"]!.GetValue<string>().ShouldBe("two");
        var ours = stored["metadata"]!["managedFields"]!.AsArray().Single(static entry => entry!["manager"]!.GetValue<string>() == "runtime-test")!;
        ours["operation"]!.GetValue<string>().ShouldBe("Apply");
        ours["subresource"]!.GetValue<string>().ShouldBe("status");
        ours["fieldsV1"]!.AsObject().Select(static member => member.Key).ShouldBe(["f:status"]);

        // The echo of our own writes is no reason for a pass.
        await cluster.PatchAsync(ns, "w", """{"spec":{"size":5}}""");
        await probe.Calls.FirstAsync(static seen => seen.Widget.Spec.Size == 5);
        probe.Calls.All.Count.ShouldBe(2);

        Task<bool> WriteAsync(string phase) =>
            writer.WriteAsync(widget, new WidgetStatus { ObservedGeneration = 1, Phase = phase }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_store_that_is_behind_does_not_lead_to_a_second_write_and_shows_the_first()
    {
        var ns = await cluster.NewNamespaceAsync();
        var widget = await cluster.CreateAsync(ns, "w");
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns);
        await app.Probe.Calls.CountAsync(1);
        await proxy.Requests.FirstAsync(static request => request.IsWatch);
        proxy.StallWatches();
        var status = new WidgetStatus { ObservedGeneration = 1, Phase = "done" };

        (await app.Get<IStatusWriter<Widget>>().WriteAsync(widget, status, TestContext.Current.CancellationToken)).ShouldBeTrue();

        (await app.Get<IStatusWriter<Widget>>().WriteAsync(widget, status, TestContext.Current.CancellationToken)).ShouldBeFalse();
        app.Widgets.TryGet(new NamespacedName(ns, "w"), out var stored).ShouldBeTrue();
        stored.Status!.Phase.ShouldBe("done");
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(12, 3)]
    public async Task In_a_storm_of_conflicts_the_status_is_written_in_the_end_and_nobodys_change_is_overwritten(int conflicts, int passes)
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var left = conflicts;
        proxy.Answer = passed =>
        {
            if (passed.Method == "PATCH" && passed.Path.EndsWith("/status", StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0)
            {
                // Between our decision and our write somebody else is always faster.
                cluster.PatchAsync(ns, "w", $$$$"""{"metadata":{"labels":{"storm":"{{{{left}}}}"}}}""").GetAwaiter().GetResult();
            }

            return null;
        };
        RunningOperator? app = null;
        var written = new Signals<bool>();
        var probe = new WidgetProbe
        {
            OnReconcile = async (widget, token) =>
            {
                written.Add(await app!.Get<IStatusWriter<Widget>>().WriteAsync(widget, new WidgetStatus { ObservedGeneration = 1, Phase = "done" }, token));
                return ReconciliationResult<Widget>.Success(widget);
            },
        };
        await using (app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns, probe: probe))
        {
            await written.FirstAsync(static done => done);

            // Five tries a pass; what is then still refused is a pass that failed, and comes again.
            probe.Calls.All.Count.ShouldBe(passes);
            var stored = (await cluster.ReadAsync(ns, "w"))!;
            stored["status"]!["phase"]!.GetValue<string>().ShouldBe("done");
            stored["metadata"]!["labels"]!["storm"]!.GetValue<string>().ShouldBe("0");
        }
    }

    [Fact]
    public async Task The_status_of_an_entity_that_was_replaced_by_another_of_its_name_is_not_written()
    {
        var ns = await cluster.NewNamespaceAsync();
        var first = await cluster.CreateAsync(ns, "w");
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns);
        await app.Probe.Calls.CountAsync(1);
        await cluster.DeleteAsync(ns, "w");
        await app.Probe.Calls.FirstAsync(static seen => seen.Call == Call.Deleted);
        var writer = app.Get<IStatusWriter<Widget>>();
        (await writer.WriteAsync(first, new WidgetStatus { Phase = "old" }, TestContext.Current.CancellationToken)).ShouldBeFalse();

        await cluster.CreateAsync(ns, "w");

        (await writer.WriteAsync(first, new WidgetStatus { Phase = "old" }, TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await cluster.ReadAsync(ns, "w"))!["status"]?["phase"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", """{"b":"x","a":1}""", true)]
    [InlineData("""{"a":1.0}""", """{"a":1}""", true)]
    [InlineData("""{"a":null}""", "{}", true)]
    [InlineData("""{"a":"\u00e4"}""", """{"a":"ä"}""", true)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":[]}""", "{}", false)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("""{"a":false}""", "{}", false)]
    public void Meaning_is_compared_and_not_spelling(string left, string right, bool same) =>
        (Meaning(left) == Meaning(right)).ShouldBe(same);

    private static string Meaning(string json) => JsonMeaning.Fingerprint(JsonSerializer.Deserialize<JsonElement>(json));
}
