"""Lines about Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict (see lines.py)."""

from __future__ import annotations

from .lines import listed

CONTAINER = listed("""
# Sequential
S()
three()
S(OrderedDict([("a", R()), ("b", T())]))
changed(S(), lambda m: (m.add_module("conv1", nn.Conv2d(1, 20, 5)), m.add_module("relu1", R())))
S(3)
S([R()])
S({"a": R()})
S(None)
S(OrderedDict(a=R()), R())
three()[0]
three()[-1]
three()[1:]
three()[5]
three()[-4]
three()["a"]
three()[1.5]
S(OrderedDict(a=R(), b=T(), c=R()))[1:]
(len(three()), [type(m).__name__ for m in three()])
changed(three(), lambda m: m.__setitem__(1, T()))
changed(three(), lambda m: m.__setitem__(1, 3))
changed(three(), lambda m: m.__setitem__(8, R()))
changed(three(), lambda m: m.__setitem__(slice(0, 1), R()))
changed(three(), lambda m: m.__delitem__(0))
changed(three(), lambda m: m.__delitem__(slice(0, 2)))
changed(three(), lambda m: m.__delitem__(7))
changed(S(OrderedDict(a=R(), b=T(), c=R())), lambda m: m.__delitem__(1))
three() + three()
three() + 3
three() + [R()]
m = three(); m += S(R()); m
m = three(); m += [R()]; m
S(R()) * 2
2 * S(R())
m = S(R()) * 2; m[0] is m[1]
three() * 0
three() * 1.5
m = S(R()); m *= 2; m
m = S(R()); m *= 0; m
m = S(R()); m *= "a"; m
m = three(); (m.pop(0), m)
m = three(); (m.pop(-1), m)
three().pop(9)
m = three(); (m.pop(slice(0, 1)), m)
three().append(R())
three().append(3)
three().insert(0, R())
three().insert(-1, T())
three().insert(3, R())
three().insert(9, R())
three().extend([R(), R()])
three().extend(3)
three().extend([3])
S(OrderedDict(a=R(), b=T())).append(R())
S(L(2, 3), R())(torch.ones(1, 2))
S()(torch.ones(2))
# ModuleList
ML()
ML([R(), T(), L(1, 2)])
ML([L(1, 2), L(1, 2), R(), L(1, 2)])
ML(R() for _ in range(3))
ML(3)
ML(R())
ML({"a": R()})
ML([R(), T()])[1]
ML([R(), T()])[-1]
ML([R(), T(), R()])[1:]
ML([R()])[5]
ML([R()])["a"]
ML([R()])[1.5]
ML([R()]) + [T()]
ML([R()]) + 3
[R()] + ML([R()])
m = ML([R()]); m += [T()]; m
ML([R()]).append(T())
ML([R()]).append(3)
ML([R()]).extend([T()])
ML([R()]).extend(3)
changed(ML([R(), R()]), lambda m: m.insert(1, T()))
changed(ML([R(), T()]), lambda m: m.insert(10, T()))
m = ML([R(), T()]); (m.pop(0), m)
ML([R()]).pop("0")
changed(ML([R(), T()]), lambda m: m.__delitem__(0))
changed(ML([R(), T(), R()]), lambda m: m.__delitem__(slice(0, 2)))
changed(ML([R()]), lambda m: m.__delitem__(8))
changed(ML([R(), T()]), lambda m: m.__setitem__(0, L(1, 1)))
changed(ML([R()]), lambda m: m.__setitem__(9, R()))
changed(ML([R()]), lambda m: m.__setitem__(0, 3))
ML([R()])(3)
r = R(); (r in ML([r]), R() in ML([r]))
list(ML([L(1, 2), L(2, 1)]).state_dict())
ML([R()]) * 2
# ModuleDict
MD()
MD({"a": R(), "b": T()})
MD([("a", R()), ["b", R()]])
MD([("a",)])
MD(3)
MD({"a": 3})
MD({3: R()})
MD({"a.b": R()})
MD({"forward": R()})
MD({"keys": R()})
MD({"a": R()})["a"]
MD({"a": R()})["z"]
MD({"a": R()}).pop("z")
m = MD({"a": R(), "b": T()}); (m.pop("a"), m)
m = MD({"a": R(), "b": T()}); (list(m.keys()), list(m), list(m.items()), list(m.values()), len(m), "a" in m, "z" in m)
changed(MD({"a": R()}), lambda m: m.clear())
changed(MD({"a": R()}), lambda m: m.update({"z": T()}))
changed(MD({"a": R()}), lambda m: m.update(MD({"q": T()})))
changed(MD({"a": R()}), lambda m: m.__setitem__("a", T()))
changed(MD({"a": R(), "b": T()}), lambda m: m.__delitem__("a"))
MD({"a": R()}).update(3)
MD({"a": R()}).update([("a", R(), 3)])
MD({"a": R()})(3)
# ParameterList
PL()
PL([P(2), P(3), torch.ones(4)])
PL([P(2, 3), 3, "a"])
PL([P(2)])[0]
PL([P(2)])[-1]
PL([P(2)])[5]
PL([P(2)])["a"]
PL([P(2), P(3)])[1:]
PL([P(2)]).append(3)
PL([P(2)]).append(torch.ones(2))
PL([P(2)]).extend(3)
PL([P(2)]).extend(P(3))
PL([P(2)]).extend([P(1)])
changed(PL([P(2)]), lambda m: m.__setitem__(0, P(7)))
changed(PL([P(2)]), lambda m: m.__setitem__(0, torch.ones(9)))
changed(PL([P(2)]), lambda m: m.__setitem__(0, 3))
changed(PL([P(2)]), lambda m: m.__setitem__(7, P(3)))
m = PL([P(2)]); m += [P(3)]; m
PL([P(2)])(1)
(len(PL([P(2), P(3)])), list(PL([P(2), P(3)]).state_dict()))
[n for n, _ in PL([P(2), P(3)]).named_parameters()]
PL([PL([P(1)])])
PL([1, P(1)]).state_dict()
# ParameterDict
PD()
PD({"a": P(2), "b": torch.ones(3), "c": 3})
PD({"z": P(1), "a": P(1)})
PD(OrderedDict(z=P(1), a=P(1)))
PD([("a", P(2))])
PD([("a",)])
PD({"a": P(2)})["a"]
PD({"a": P(2)})["z"]
PD({"a": P(2)}).a
PD({"a": P(2)}).get("z", 5)
PD({"a": P(2)}).setdefault("z", P(1))
PD({"a": P(2), "b": P(3)}).popitem()
m = PD({"a": P(2), "b": P(3)}); (m.pop("a"), m)
PD({"a": P(2)}).fromkeys(["x", "y"], P(1))
m = PD({"a": P(2), "b": P(3)}); (list(m.keys()), list(m), list(m.values()), list(m.items()), list(reversed(m)), m.copy(), len(m), "a" in m)
PD({"a": P(2)}) | PD({"b": P(2)})
PD({"a": P(2)}) | {"k": P(1)}
{"k": P(1)} | PD({"a": P(2)})
m = PD({"a": P(2)}); m |= {"k": P(1)}; m
changed(PD({"a": P(2)}), lambda m: m.clear())
changed(PD({"a": P(2)}), lambda m: m.update({"z": P(1), "y": P(1)}))
PD({"a": P(2)})(1)
PD({"a": PD({"b": P(1)})})
list(PD({"a": P(2), "b": 3}).state_dict())
""")

TYPES = listed("""
MD([3])
PD([3])
PD({3: P(1)})
PD(3)
three().insert(0, 3)
S(OrderedDict(a=R(), b=T())).insert(0, R())
""")
