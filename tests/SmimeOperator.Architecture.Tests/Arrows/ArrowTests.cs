using System.Reflection;
using System.Xml.Linq;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Arrows;

public sealed class ArrowTests
{
    public static TheoryData<string> All => [.. Rooms.Arrows.Keys];

    [Fact]
    public void Every_project_under_src_is_a_room()
    {
        var projects = Directory.EnumerateFiles(RepositoryRoot.Path("src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);

        projects.ShouldBe(Rooms.Arrows.Keys, ignoreOrder: true);
    }

    [Theory, MemberData(nameof(All))]
    public void A_project_names_exactly_the_rooms_that_it_has_arrows_to(string room)
    {
        var project = XDocument.Load(RepositoryRoot.Path("src", room, room + ".csproj"));
        var named = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        named.ShouldBe(Rooms.Arrows[room], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(All))]
    public void Code_uses_no_room_that_no_arrow_leads_to(string room)
    {
        var used = ReferencesOf(room).Where(Rooms.Arrows.ContainsKey);

        used.Except(Rooms.ReachableFrom(room)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(All))]
    public void No_room_leads_back_to_itself(string room) => Rooms.ReachableFrom(room).ShouldNotContain(room);

    [Theory, MemberData(nameof(All))]
    public void A_room_does_without_the_libraries_of_the_others(string room)
    {
        var strangers = ReferencesOf(room).Where(name => Rooms.Strangers[room].Any(s => name.StartsWith(s, StringComparison.Ordinal)));

        strangers.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(All))]
    public void Types_live_under_the_name_of_their_room(string room)
    {
        var elsewhere = Assembly.Load(room).GetTypes()
            .Where(t => t is { DeclaringType: null, Namespace: { } space } && space != room && !space.StartsWith(room + ".", StringComparison.Ordinal))
            .Where(t => !t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false))
            .Where(t => !IsEmittedByTheCompiler(t.Namespace!))
            .Select(t => t.FullName);

        elsewhere.ShouldBeEmpty();
    }

    // Attributes and helpers that the compiler and source generators add to an assembly.
    private static bool IsEmittedByTheCompiler(string space) =>
        space.StartsWith("System.", StringComparison.Ordinal) || space.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static IEnumerable<string> ReferencesOf(string room) => Assembly.Load(room).GetReferencedAssemblies().Select(a => a.Name!);
}
