using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Hosting;

public sealed class ConcurrencyTests : SimulatorTest
{
    [Fact]
    public async Task Many_writers_and_readers_do_not_disturb_each_other()
    {
        const int Writers = 16;
        const int Each = 25;
        var group = Tenant.AddGroup("g");

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
            {
                var id = await CreateRootAsync($"w{writer}-{i}");
                (await SendAsync("PATCH", $"{Paths.Profiles}/{id}", Bodies.Root($"w{writer}-{i}-changed"))).Status.ShouldBe(HttpStatusCode.NoContent);
                (await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments(group))).Status.ShouldBe(HttpStatusCode.OK);
                await GetAsync($"{Paths.Profiles}?$expand=assignments");
                if (i % 5 == 0)
                {
                    (await SendAsync("DELETE", $"{Paths.Profiles}/{id}")).Status.ShouldBe(HttpStatusCode.OK);
                }
            }
        }));

        var all = await ListAsync($"{Paths.Profiles}?$expand=assignments");
        all.Count.ShouldBe(Writers * Each * 4 / 5);
        all.Select(o => (string)o["id"]!).Distinct(StringComparer.Ordinal).Count().ShouldBe(all.Count);
        all.ShouldAllBe(o => (int)o["version"]! == 2 && ((JsonArray)o["assignments"]!).Count == 1);
    }

    [Fact]
    public async Task One_key_is_created_once_however_many_try()
    {
        Tenant.AddUser("alice@contoso.com");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync("POST", Paths.Imports, Bodies.Import("alice@contoso.com"))));

        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.Conflict).ShouldBe(19);
    }
}
