using System.Net;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Tests.Watching;

public sealed class ReflectorFaultTests(Cluster cluster) : IAsyncLifetime
{
    private string _ns = "";
    private ApiProxy _proxy = null!;
    private RunningOperator _app = null!;
    private Signals<string> _changes = null!;
    private readonly Signals<string> _logs = new();

    public async ValueTask InitializeAsync()
    {
        _ns = await cluster.NewNamespaceAsync();
        _proxy = await ApiProxy.StartAsync(cluster.Server);
        await cluster.CreateAsync(_ns, "stays");
        await cluster.CreateAsync(_ns, "goes");
        _app = await RunningOperator.StartAsync(
            _proxy.Configure(cluster.Configuration), _ns, static b => b.AddStore<Widget>(), logs: _logs);
        var informer = _app.Get<EntityInformer<Widget>>();
        _changes = _app.Changes(informer);
        await informer.Synced.WaitAsync(TestContext.Current.CancellationToken);
        await WatchesAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_410_inside_the_stream_leads_to_a_list_and_deletions_missed_meanwhile_are_seen()
    {
        _proxy.StallWatches();
        await cluster.DeleteAsync(_ns, "goes");
        await _proxy.WriteLineAsync("""{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","message":"too old resource version","code":410}}""");

        await _changes.FirstAsync(static change => change == "-goes");

        Lists().ShouldBe(2);
        await StillFollowsAsync();
    }

    [Fact]
    public async Task A_410_as_http_status_leads_to_a_list_and_deletions_missed_meanwhile_are_seen()
    {
        var refused = 0;
        _proxy.Answer = passed => passed.IsWatch && Interlocked.Increment(ref refused) == 1
            ? (HttpStatusCode.Gone, """{"kind":"Status","status":"Failure","reason":"Expired","message":"too old","code":410}""", null)
            : null;
        _proxy.StallWatches();
        await cluster.DeleteAsync(_ns, "goes");
        _proxy.CutWatches();

        await _changes.FirstAsync(static change => change == "-goes");

        Lists().ShouldBe(2);
        await StillFollowsAsync();
    }

    [Fact]
    public async Task A_cut_connection_is_taken_up_where_it_was_without_a_list()
    {
        await cluster.CreateAsync(_ns, "first");
        await _changes.FirstAsync(static change => change == "+first");
        _proxy.StallWatches();
        await cluster.DeleteAsync(_ns, "goes");
        _proxy.CutWatches();

        await _changes.FirstAsync(static change => change == "-goes");

        Lists().ShouldBe(1);
        await StillFollowsAsync();
    }

    [Fact]
    public async Task A_refused_watch_is_tried_again_from_the_same_version()
    {
        var refused = 0;
        _proxy.Answer = passed => passed.IsWatch && Interlocked.Increment(ref refused) <= 2
            ? (HttpStatusCode.InternalServerError, "no status object at all", null)
            : null;
        _proxy.CutWatches();
        await WatchesAsync(4);

        Lists().ShouldBe(1);
        await StillFollowsAsync();
    }

    [Fact]
    public async Task A_version_that_is_refused_again_and_again_is_given_up()
    {
        // As after a restore from a backup: the version is from a future that no longer exists.
        var refused = 0;
        _proxy.Answer = passed => passed.IsWatch && Interlocked.Increment(ref refused) <= 4
            ? (HttpStatusCode.GatewayTimeout, """{"kind":"Status","reason":"Timeout","message":"Too large resource version","code":504}""", null)
            : null;
        _proxy.CutWatches();
        await _proxy.Requests.WhenAsync(static all => all.Count(static request => request.IsList) >= 2);

        await StillFollowsAsync();
    }

    [Theory]
    [InlineData("<html>502 Bad Gateway</html>")]
    [InlineData("{\"type\":\"ADDED\",\"object\":")]
    [InlineData("{\"type\":\"SURPRISE\",\"object\":{}}")]
    public async Task Garbage_in_the_stream_is_reported_and_leads_to_one_list(string garbage)
    {
        _proxy.StallWatches();
        await cluster.DeleteAsync(_ns, "goes");
        await _proxy.WriteLineAsync(garbage);

        await _changes.FirstAsync(static change => change == "-goes");

        _logs.All.ShouldContain(static line => line.StartsWith("1107 ", StringComparison.Ordinal));
        await StillFollowsAsync();
        Lists().ShouldBe(2);
    }

    [Fact]
    public async Task An_object_that_does_not_fit_the_type_is_reported_and_is_not_taken_for_deleted()
    {
        await cluster.PatchAsync(_ns, "stays", """{"spec":{"size":"not a number"}}""");

        var line = await _logs.FirstAsync(static line => line.StartsWith("1106 ", StringComparison.Ordinal));
        line.ShouldContain($"{_ns}/stays");
        line.ShouldNotContain("not a number");
        await _proxy.Requests.WhenAsync(static all => all.Count(static request => request.IsList) == 2);
        await StillFollowsAsync();
        _app.Widgets.TryGet(new NamespacedName(_ns, "stays"), out var widget).ShouldBeTrue();
        widget.Spec.Size.ShouldBe(1);
        _changes.All.ShouldNotContain("-stays");

        await cluster.PatchAsync(_ns, "stays", """{"spec":{"size":3}}""");
        await _changes.FirstAsync(static change => change == "*stays");
    }

    [Fact]
    public async Task An_answer_that_is_no_list_never_empties_the_store()
    {
        var answered = 0;
        _proxy.Answer = passed => passed.IsList && Interlocked.Increment(ref answered) <= 2
            ? (HttpStatusCode.OK, answered == 1 ? "{}" : """{"kind":"Status","status":"Success"}""", null)
            : null;
        await _proxy.WriteLineAsync("garbage");
        await _proxy.Requests.WhenAsync(static all => all.Count(static request => request.IsList) >= 4);

        await StillFollowsAsync();
        _changes.All.ShouldNotContain(static change => change.StartsWith('-'));
    }

    [Fact]
    public async Task A_continue_token_that_expires_starts_the_list_anew()
    {
        var answered = 0;
        _proxy.Answer = passed => passed.IsList && passed.Query.Contains("limit=", StringComparison.Ordinal) && Interlocked.Increment(ref answered) == 1
            ? (HttpStatusCode.Gone, """{"kind":"Status","reason":"Expired","code":410}""", null)
            : null;
        await _proxy.WriteLineAsync("garbage");
        await _proxy.Requests.FirstAsync(static request => request.IsList && !request.Query.Contains("limit=", StringComparison.Ordinal));

        await StillFollowsAsync();
    }

    private int Lists() => _proxy.Requests.All.Count(static request => request.IsList);

    private Task<IReadOnlyList<Passed>> WatchesAsync(int count) =>
        _proxy.Requests.WhenAsync(all => all.Count(static request => request.IsWatch) >= count);

    private async Task StillFollowsAsync()
    {
        await cluster.CreateAsync(_ns, "later");
        await _changes.FirstAsync(static change => change == "+later");
    }
}
