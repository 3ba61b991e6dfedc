using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Intune.Tests.Tenant;

public sealed class DirectoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_with_quotes_hashes_and_pluses_are_found_in_any_case()
    {
        await using var tenant = await TestTenant.StartAsync();
        string[] names = ["o'neil@contoso.com", "bob_fabrikam.com#EXT#@contoso.com", "a+b@contoso.com"];
        foreach (var name in names)
        {
            tenant.Sim.AddUser(name);
        }

        var found = await tenant.Intune.FindUsersAsync([.. names.Select(n => n.ToUpperInvariant()), "nobody@contoso.com"], Token);
        found.Count.ShouldBe(3);
        found["O'Neil@contoso.com"].ProxyAddresses.Single().ShouldStartWith("SMTP:");
        tenant.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_thousand_look_ups_at_once_are_a_handful_of_requests()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 1000 }, o => o.DirectoryWindow = TimeSpan.FromMilliseconds(300));
        tenant.Seed(0, 1000);
        var found = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => tenant.Intune.FindUsersAsync([$"user{i}@contoso.com"], Token)));
        found.ShouldAllBe(f => f.Count == 1);
        tenant.Requests.Count.ShouldBeLessThanOrEqualTo(4);
        await tenant.Intune.FindUsersAsync(["user7@contoso.com", "USER8@contoso.com"], Token);
        tenant.Requests.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task Who_asks_while_the_directory_is_read_whole_waits_for_it_and_does_not_read_it_again()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 1000 }, o => o.DirectoryWindow = TimeSpan.FromMilliseconds(1));
        tenant.Seed(0, 1000);
        tenant.Sim.AddFault(new FaultRule { Method = "GET", Path = "/users", Count = 1, DelayMilliseconds = 1500 });
        var asked = new List<Task<IReadOnlyDictionary<string, DirectoryUser>>>();
        for (var i = 0; i < 10; i++)
        {
            asked.Add(tenant.Intune.FindUsersAsync([.. Enumerable.Range(i * 100, 100).Select(n => $"user{n}@contoso.com")], Token));
            // Another request's way there and back: the next who ask are not collected with these.
            await tenant.Intune.FindGroupsByNameAsync([$"group {i}"], null, Token);
        }

        (await Task.WhenAll(asked)).ShouldAllBe(f => f.Count == 100);
        tenant.Requests.Count(r => r.Path.EndsWith("/users", StringComparison.Ordinal)).ShouldBe(2, "pages of 999");
    }

    [Theory]
    [InlineData(1, 2)] // One may be all that is wanted; when a second follows, the others will too.
    [InlineData(5, 1)]
    public async Task After_a_start_the_directory_is_read_at_once_for_all_who_have_certificates(int together, int requests)
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 1000 });
        tenant.Seed(200, 100);
        await tenant.Intune.GetSnapshotAsync(TimeSpan.FromMinutes(1), Token);
        tenant.Sim.Log.Clear();

        foreach (var some in Enumerable.Range(0, 100).Select(i => $"user{i}@contoso.com").Chunk(together))
        {
            (await tenant.Intune.FindUsersAsync(some, Token)).Count.ShouldBe(together);
        }

        tenant.Requests.Count(r => r.Path.EndsWith("/users", StringComparison.Ordinal)).ShouldBe(requests);
    }

    [Fact]
    public async Task Some_names_go_into_one_batch_and_absence_is_remembered_for_a_while()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Seed(0, 40);
        var names = Enumerable.Range(0, 50).Select(i => $"user{i}@contoso.com").ToList();
        (await tenant.Intune.FindUsersAsync(names, Token)).Count.ShouldBe(40);
        tenant.Requests.Count(r => r.IsInBatch).ShouldBe(4);
        (await tenant.Intune.FindUsersAsync(names, Token)).Count.ShouldBe(40);
        tenant.Requests.Count(r => r.IsInBatch).ShouldBe(4);
    }

    [Fact]
    public async Task Groups_are_found_by_name_with_their_namesakes_and_by_id()
    {
        await using var tenant = await TestTenant.StartAsync();
        var ids = new[] { tenant.Sim.AddGroup("S/MIME users"), tenant.Sim.AddGroup("s/mime USERS"), tenant.Sim.AddGroup("O'Neil & Co") };
        var byName = await tenant.Intune.FindGroupsByNameAsync(["S/MIME users", "O'Neil & Co", "nobody"], null, Token);
        byName["s/mime users"].Select(g => g.Id).ShouldBe(ids[..2], ignoreOrder: true);
        byName["O'Neil & Co"].Single().Id.ShouldBe(ids[2]);
        byName["nobody"].ShouldBeEmpty();
        var byId = await tenant.Intune.FindGroupsByIdAsync([.. ids, Guid.NewGuid().ToString()], Token);
        byId.Keys.ShouldBe(ids, ignoreOrder: true);
        tenant.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Names_that_are_asked_for_soon_go_along_and_who_asks_for_them_meanwhile_waits()
    {
        await using var tenant = await TestTenant.StartAsync();
        string[] names = [.. Enumerable.Range(0, 240).Select(i => $"group {i}")];
        foreach (var name in names)
        {
            tenant.Sim.AddGroup(name);
        }

        tenant.Sim.AddFault(new FaultRule { Method = "GET", Path = "/groups", Count = 1, DelayMilliseconds = 1500 });
        var first = tenant.Intune.FindGroupsByNameAsync([names[0]], () => names, Token);
        // Another request's way there and back: the next who ask are not collected with the first.
        await tenant.Intune.FindUsersAsync(["nobody@contoso.com"], Token);
        var others = names.Skip(1).Select(n => tenant.Intune.FindGroupsByNameAsync([n], () => names, Token)).ToList();
        (await first)[names[0]].ShouldHaveSingleItem();
        foreach (var (name, found) in names.Skip(1).Zip(await Task.WhenAll(others)))
        {
            found[name].ShouldHaveSingleItem();
        }

        await tenant.Intune.FindGroupsByNameAsync(names, null, Token);
        tenant.Sim.Log.Entries.Count(e => e.Path.EndsWith("/$batch", StringComparison.Ordinal)).ShouldBe(1);
    }
}
